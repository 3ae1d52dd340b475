"""Questions as data, and their HTML and text."""

import pytest

from iolab import questions
from iolab.questions import html

GOOD = {"ask": "`f` 里有多少？", "right": 5, "shows": "有 {right}", "choices": {5: "正好。", 0: "写了就有。"}}


def write(book, text, page="files/io"):
    path = book / f"{page}.questions.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_question_is_found_by_its_page_and_key(tmp_path):
    write(tmp_path, "size: {ask: 多大？, right: 5, shows: '{right} 个', choices: {5: 对, 0: 错}, else: 数一数。}\n")
    one = questions.find("io/size", tmp_path)
    assert (one.name, one.right, one.wrong, one.why, one.otherwise) == ("io/size", "5", ["0"], "对", "数一数。")
    with pytest.raises(LookupError, match="io/size"):
        questions.find("io/other", tmp_path)
    with pytest.raises(LookupError, match=r"book/\*/none\.questions\.yml"):
        questions.find("none/x", tmp_path)


def test_a_good_question_has_no_problem():
    assert list(questions.problems(GOOD)) == []


@pytest.mark.parametrize(("change", "said"), [
    ({"ask": ""}, "ask is missing"),
    ({"right": None}, "right is missing"),
    ({"right": 6}, "none of the choices"),
    ({"choices": {5: "对"}}, "needs 2 to 4 choices"),
    ({"choices": dict.fromkeys("abcde", "x"), "right": "a"}, "needs 2 to 4 choices"),
    ({"choices": {5: "对", 0: ""}}, "nothing is said to who chooses 0"),
    ({"shows": ""}, "needs either shows"),
    ({"recall": True}, "needs either shows"),
    ({"right": "多", "choices": {"多": "对", "少": "错"}, "else": "写数。"}, "is no number"),
    ({"answer": 5}, "unknown key answer"),
])
def test_what_is_wrong_with_a_question_is_told(change, said):
    assert any(said in line for line in questions.problems(GOOD | change))


def test_a_file_with_a_bad_question_names_it(tmp_path):
    path = write(tmp_path, "size: {ask: 多大？}\n")
    with pytest.raises(ValueError, match="io/size: right is missing"):
        questions.load(path)


def asked(**change):
    row = GOOD | change
    choices = tuple((str(choice), said) for choice, said in row["choices"].items())
    return questions.Question("io/x", row["ask"], choices, str(row["right"]), row["shows"], row.get("else", ""), False)


def test_the_html_lists_the_choices_and_folds_the_answer():
    shown = html.bare(asked(choices={5: "正好。", 0: "<写>了就有。"}))
    assert "<code>f</code> 里有多少？" in shown and "<li>5</li><li>0</li>" in shown
    folded = shown[shown.index("<details"):shown.index("</details>")]
    assert '<dt class="q-right">5</dt><dd>正好。</dd><dt>0</dt><dd>&lt;写&gt;了就有。</dd>' in folded
    assert html.without_assets(html.to_html(asked())) == html.bare(asked()) and "<script>" in html.to_html(asked())
    assert html.renewed_html(html.bare(asked()) + html.START + "old" + html.STOP) == html.to_html(asked())


def test_a_number_is_typed_and_any_other_gets_a_word():
    shown = html.bare(asked(**{"else": "数一数。"}))
    assert "data-number" in shown and "<li>" not in shown and '<p class="q-else">数一数。</p>' in shown


def test_the_text_has_the_answer_so_that_a_stored_one_that_differs_is_seen():
    assert html.text(asked()).splitlines() == ["`f` 里有多少？", "1. 5", "2. 0", "答案：5。正好。"]
