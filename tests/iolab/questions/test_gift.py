"""What teachers take along: GIFT as a parser of that format reads it (gift-pegjs, with a grammar), and JSON."""

import html
import json
import re

import pytest

from iolab import questions
from iolab.questions import __main__ as command
from iolab.questions import export, gift
from pages import ROOT

PARSER = ROOT / ".venv/live-packages/node_modules/gift-pegjs/lib/gift-parser-globals.js"
SPECIAL = r"~a = #1 {b}: C:\new\\n `x = {1: '~'} # \n` <i> & 100% ####"


@pytest.fixture(scope="module")
def asked():
    return [one for page in export.pages() for one in export.questions(page)]


@pytest.fixture(scope="module")
def tasks():
    return [one for page in export.pages() for one in export.exercises(page)]


@pytest.fixture(scope="module")
def parse(browser):
    """parse(text of a GIFT file): what it holds, as the parser's own data."""
    if not PARSER.exists():
        pytest.skip("lacks the parser of GIFT: .ci/bundle/bundle installs it")
    tab = browser.new_page()
    tab.add_script_tag(path=PARSER)
    yield lambda text: tab.evaluate("text => giftParser.parse(text)", text)
    tab.close()


def text_of(part):
    """The words of a piece of HTML, or of a parsed text."""
    part = part["text"] if isinstance(part, dict) else part
    return html.unescape(re.sub(r"<[^>]+>", "", part))


def bare(words):
    """Words without the marks of code."""
    return re.sub(r"`([^`]+)`", r"\1", words)


def by_page(read):
    """(category, question) of parsed data."""
    category = None
    for one in read:
        if one["type"] == "Category":
            category = one["title"]
        else:
            yield category, one


def category_of(page):
    return f"{gift.CATEGORY}/{page.part}/{page.title.replace('`', '').replace('/', '//')}"


def test_a_parser_reads_every_question_as_it_is_in_the_book(parse, asked):
    read = list(by_page(parse(gift.questions(asked))))
    assert len(read) == len(asked) > 400
    for (category, found), one in zip(read, asked, strict=True):
        what = one.question
        assert (found["title"], found["id"], found["stem"]["format"]) == (what.name, what.name, "html")
        assert found["tags"] == ["想一想" if what.recall else "先猜"] and category == category_of(one.page)
        assert text_of(found["stem"]) == bare(what.ask) + one.code
        assert found["type"] == ("Numerical" if what.otherwise else "MC")
        assert one.page.title.replace("`", "") in text_of(found["globalFeedback"])
        (typed if what.otherwise else chosen)(found["choices"], what)


def chosen(choices, what):
    assert [(text_of(one["text"]), text_of(one["feedback"])) for one in choices] == [
        (bare(choice), bare(said)) for choice, said in what.choices]
    assert [what.choices[at][0] for at, one in enumerate(choices) if one["isCorrect"]] == [what.right]


def typed(choices, what):
    *numbers, other = choices
    said = dict(what.choices)
    assert {one["text"]["number"]: text_of(one["feedback"]) for one in numbers} == {
        float(choice): bare(words) for choice, words in said.items()}
    assert [one["text"]["number"] for one in numbers if one["weight"] is None] == [float(what.right)]
    assert {one["weight"] for one in numbers[1:]} <= {0} and numbers[0]["text"]["range"] == 0
    assert not other["isCorrect"] and other["text"]["text"] == "*"
    assert text_of(other["feedback"]) == bare(what.otherwise)


def test_a_parser_reads_every_exercise_with_its_code_and_solution(parse, tasks):
    read = list(by_page(parse(gift.exercises(tasks))))
    assert len(read) == len(tasks) > 150
    for (category, found), one in zip(read, tasks, strict=True):
        assert (found["type"], found["id"], found["tags"]) == ("Essay", one.label, ["练习", one.grade])
        assert category == category_of(one.page) and one.stub in text_of(found["stem"])
        assert bare(one.title) in text_of(found["stem"])
        code = "\n".join(line.removeprefix("    ") for line in one.solution.splitlines() if line.startswith("    "))
        assert code.strip() and code.splitlines()[0] in text_of(found["globalFeedback"])
    assert all(one["globalFeedback"] is None for one in parse(gift.exercises(tasks, solutions=False))
               if one["type"] == "Essay")


def test_what_gift_itself_uses_arrives_as_it_is(parse):
    choices = ((SPECIAL, "对：" + SPECIAL), ("%50%半", "错"), ("[html]x", "错 -> 错"))
    page = export.Page("a/b", "甲/乙", "`a/b`: 题 = {1}", ())
    what = questions.Question("b/x", SPECIAL, choices, SPECIAL, "", "", True)
    (category, found), = by_page(parse(gift.questions([export.Asked(page, what, "a = {1: 2}\n\n# \\n ~\n  x")])))
    assert category == gift.CATEGORY + "/甲//乙/a//b: 题 = {1}"
    assert text_of(found["stem"]) == bare(SPECIAL) + "a = {1: 2}\n\n# \\n ~\n  x"
    assert found["stem"]["text"].count("<pre><code>") == 1
    assert "<code>x = {1: '~'} # &#92;n</code>" in found["stem"]["text"]
    assert [text_of(one["text"]) for one in found["choices"]] == [bare(SPECIAL), "%50%半", "[html]x"]
    assert text_of(found["choices"][0]["feedback"]) == "对：" + bare(SPECIAL)


def test_no_question_has_a_line_of_its_own_that_is_empty_or_a_remark(asked, tasks):
    """Moodle ends a question at an empty line, and drops a line that begins with //."""
    for block in (gift.questions(asked) + "\n" + gift.exercises(tasks)).split("\n\n"):
        lines = block.strip("\n").split("\n")
        assert all(line.strip() for line in lines) and not any(line.lstrip().startswith("//") for line in lines[1:])


def test_a_prediction_comes_with_the_code_that_it_is_about(asked):
    codes = {one.question.name: one.code for one in asked}
    assert codes["buffer-offset/full"] == (ROOT / "code/day3/buffer.py").read_text(encoding="utf-8").strip("\n")
    assert codes["io/which"].startswith("begun = write_calls()")
    assert not [one.question.name for one in asked if one.question.recall and one.code]
    assert sum(bool(one.code) for one in asked) > 200


def test_one_command_writes_three_files_and_leaves_solutions_out_if_told(tmp_path, capsys, asked, tasks):
    command.main([str(tmp_path)])
    assert f"{len(asked)} 个问题，{len(tasks)} 个练习：{tmp_path}" in capsys.readouterr().out
    data = json.loads((tmp_path / "questions.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in data["questions"]] == [one.question.name for one in asked]
    first, one = data["questions"][0], asked[0].question
    assert (first["ask"], first["right"]) == (one.ask, one.right) and first["page"] == "files/io"
    assert [(each["text"], each["feedback"]) for each in first["choices"]] == list(one.choices)
    assert [each["text"] for each in first["choices"] if each["right"]] == [one.right]
    assert all(each["solution"] and each["text"] and each["stub"] for each in data["exercises"])
    task = tasks[0]
    command.main([str(tmp_path), "--no-solutions"])
    texts = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert sorted(texts) == ["exercises.gift", "questions.gift", "questions.json"]
    line = max(task.solution.splitlines(), key=len).strip()
    assert line and not [name for name, text in texts.items() if line in text or gift.text(line) in text]
