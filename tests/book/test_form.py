"""The form of a page that teaches: CONTRIBUTING.md says it, here is what can be held of it."""

import ast
import re
import unicodedata

import pytest
import yaml

import exercises
from cells import BOOK, pages, printed, source, tags
from iolab import questions
from iolab.questions import html

COLUMNS = 84
BOXES, PREDICTIONS, RECALLS, MISCONCEPTIONS, MINUTES = 3, 3, 3, 3, 30
GRADES = ["★", "★★", "★★★"]
NOT_COMPARED = {"nbval-ignore-output", "nbval-skip"}

PAGES = pages()
# Labs have a form of their own.
WRITTEN = [page for page in PAGES if not page.startswith("labs/")]


def code(page):
    return [cell for cell in PAGES[page] if cell["cell_type"] == "code"]


def text(page):
    return "\n\n".join(source(cell) for cell in PAGES[page] if cell["cell_type"] == "markdown")


def marks(cell):
    return set(cell["metadata"].get("tags", []))


def width(line):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def asked(page):
    """[(name, the cell that asks, the cell right below it), ...] of a page."""
    after = [*PAGES[page][1:], None]
    return [(name[1], cell, below) for cell, below in zip(PAGES[page], after, strict=True)
            if cell["cell_type"] == "code" and (name := re.fullmatch(r'ask\("([^"]+)"\)', source(cell).strip()))]


def bare(cell):
    """Whether a cell prints words and truth, but no value."""
    words = printed(cell)
    return bool(re.search(r"\b(True|False)\b", words)) and not re.search(r"\d", words)


@pytest.mark.parametrize("page", WRITTEN)
def test_cells_are_narrow_and_print_values(page):
    wide = [line for cell in code(page) for line in source(cell).splitlines() if width(line) > COLUMNS]
    assert not wide, f"lines of more than {COLUMNS} columns: {wide}"
    silent = [source(cell).splitlines()[0] for cell in code(page) if bare(cell)]
    assert not silent, f"cells that print True or False where a value would say more: {silent}"


@pytest.mark.parametrize("page", WRITTEN)
def test_shown_scripts_are_narrow(page):
    shown = set(re.findall(r'show\("(day[\w/]+\.py)"', "\n".join(map(source, code(page)))))
    wide = [f"{name}: {line}" for name in sorted(shown)
            for line in (BOOK.parent / "code" / name).read_text(encoding="utf-8").splitlines() if width(line) > COLUMNS]
    assert not wide, "\n".join(wide)


@pytest.mark.parametrize("page", WRITTEN)
def test_a_page_has_few_boxes_and_no_erratum(page):
    boxes = re.findall(r"^:{3,}\{(?:admonition|note|tip|warning|important|dropdown)\}(.*)$", text(page), re.M)
    assert len(boxes) <= BOXES, boxes
    assert not [box for box in boxes if "勘误" in box], "an erratum stands in book/errata.yml"
    beliefs = [box for box in boxes if box.strip().startswith("常见误解")]
    assert 1 <= len(beliefs) <= MISCONCEPTIONS, "a page has one to three 常见误解"


@pytest.mark.parametrize("page", WRITTEN)
def test_a_page_says_what_it_needs_and_ends_with_what_to_keep(page):
    said = re.search(r"\*\*用时\*\*：约 (\d+) 分钟", text(page))
    assert said and int(said[1]) <= MINUTES, "the first cell says **用时**：约 N 分钟"
    headings = re.findall(r"^## (.*)$", text(page), re.M)
    assert headings[-3:] == ["本页要点", "想一想", "练习"], headings
    keep = re.search(r"^## 本页要点\n(.*?)(?=^## |\Z)", text(page), re.M | re.S)[1]
    assert 3 <= len(re.findall(r"^- ", keep, re.M)) <= 6, "three to six sentences, a line each, beginning with -"


@pytest.mark.parametrize("page", WRITTEN)
def test_a_page_asks_before_it_shows_and_once_more_at_its_end(page):
    found = {name: questions.find(name) for name, *_ in asked(page)}
    assert all(name.startswith(page.rpartition("/")[2] + "/") for name in found)
    predictions = [one for one in found.values() if not one.recall]
    assert len(predictions) >= PREDICTIONS and len(found) - len(predictions) >= RECALLS
    at = {name: PAGES[page].index(cell) for name, cell, _ in asked(page)}
    last = next(at for at, cell in enumerate(PAGES[page]) if "## 想一想" in source(cell))
    assert all((at[name] > last) == one.recall for name, one in found.items())


@pytest.mark.parametrize("page", WRITTEN)
def test_exercises_come_in_three_grades_and_are_checked(page):
    titles = re.findall(r"^`{3,}\{exercise\} (★+) .*\n:label: (\S+)$", text(page), re.M)
    assert sorted({grade for grade, _ in titles}) == GRADES
    assert len(titles) == len(re.findall(r"\{exercise\}", text(page))), "a title begins with its grade"
    judged = [one.label for one in exercises.find(page, PAGES[page])[0]]
    assert judged == [label for _, label in titles], "every exercise has its cells answer: and check:"


@pytest.mark.parametrize("page", WRITTEN)
def test_imports_checks_and_lines_that_only_show_are_out_of_sight(page):
    seen = [source(cell) for cell in code(page) if not marks(cell) & {"setup", "unseen", "remove-input"}
            and not tags(cell, "check") and only_plumbing(source(cell))]
    assert not seen, "tag these setup or unseen:\n" + "\n".join(seen)


def only_plumbing(text):
    """Whether code only imports, asserts, or shows, runs or plays something of the book."""
    def is_plumbing(part):
        call = isinstance(part, ast.Expr) and isinstance(part.value, ast.Call) and part.value.func
        return isinstance(part, ast.Import | ast.ImportFrom | ast.Assert) or (
            isinstance(call, ast.Name) and call.id in {"show", "run", "play", "plot", "level", "ask"})

    return all(map(is_plumbing, ast.parse(text).body))


FOLDED = {"setup", "unseen", "remove-input"}


@pytest.mark.parametrize("page", PAGES)
def test_what_the_html_hides_jupyterlab_folds(page):
    for cell in code(page):
        folds = bool(marks(cell) & FOLDED or tags(cell, "check"))
        metadata = cell["metadata"].get("jupyter", {})
        if page in WRITTEN or marks(cell) & FOLDED:
            assert metadata.get("source_hidden", False) == folds, f"run `make refresh`: {source(cell)[:60]}"
            assert metadata.get("outputs_hidden", False) == ("hide-output" in marks(cell))


# Questions, of every page that has some.
ASKED = [(page, *one) for page in PAGES for one in asked(page)]


def test_every_question_is_asked_once_and_by_a_cell_that_shows_no_code():
    known = [one.name for path in questions.files().values() for one in questions.load(path)]
    names = [name for _, name, *_ in ASKED]
    assert sorted(names) == sorted(known) and len(set(names)) == len(names)
    assert all("remove-input" in marks(cell) for _, _, cell, _ in ASKED)


def unproved(one, below):
    """Why the cell below does not show that the stored answer of a question is right; None if it does."""
    if one.recall:
        return None
    if below is None or below["cell_type"] != "code" or not below.get("execution_count"):
        return "stands not right above a cell that was run"
    if marks(below) & NOT_COMPARED:
        return "is answered by a cell that nbval does not compare"
    said = printed(below)
    if one.shows.replace("{right}", one.right) not in said:
        return f"its cell does not print {one.shows.replace('{right}', one.right)!r}"
    also = [wrong for wrong in one.wrong if "{right}" in one.shows and one.shows.replace("{right}", wrong) in said]
    return f"its cell prints what would make {also} right" if also else None


@pytest.mark.parametrize(("page", "name", "cell", "below"), ASKED, ids=[name for _, name, *_ in ASKED])
def test_the_cell_below_a_question_prints_the_stored_answer(page, name, cell, below):
    one = questions.find(name)
    assert unproved(one, below) is None
    assert "".join(cell["outputs"][0]["data"]["text/plain"]) == html.text(one), "run `make refresh`"


def test_an_answer_that_the_cell_does_not_print_is_told():
    row = yaml.safe_load("{ask: 多大？, right: 5, shows: '大小 {right}', choices: {5: 对, 50: 错}}")
    one = questions.Question("x/y", row["ask"], (("5", "对"), ("50", "错")), "5", row["shows"], "", False)

    def cell(output, *tags):
        return {"cell_type": "code", "execution_count": 1, "metadata": {"tags": list(tags)}, "source": [""],
                "outputs": [{"output_type": "stream", "text": [output]}]}

    assert unproved(one, cell("大小 5\n")) is None
    assert "does not print '大小 5'" in unproved(one, cell("大小 7\n"))
    assert "['50']" in unproved(one, cell("大小 50\n"))
    assert "nbval does not compare" in unproved(one, cell("大小 5\n", "nbval-ignore-output"))
    assert "not right above" in unproved(one, {"cell_type": "markdown"})
    assert "not right above" in unproved(one, None)
