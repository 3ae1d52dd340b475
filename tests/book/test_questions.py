"""Questions as readers meet them: answered by a click or by keys, kept, asked again; the output waits."""

import json
import re

import pytest
import yaml

from cells import BOOK
from iolab import questions
from pages import PAGES

PAGE = "files/buffer-offset"
QUESTIONS = {one.name: one for one in questions.load(BOOK / f"{PAGE}{questions.SUFFIX}")}
FIRST = next(one for one in QUESTIONS.values() if not one.otherwise)
NUMBER = next(one for one in QUESTIONS.values() if one.otherwise)
RECALL = next(one for one in QUESTIONS.values() if one.recall)


def place(tab, one):
    return tab.locator(f'.iolab-question[data-name="{one.name}"]')


def below(tab, one):
    """Whether the output under a question is to be seen."""
    cell = tab.locator(f'div.cell:has([data-name="{one.name}"]) + div.cell > .cell_output')
    return cell.evaluate("(node) => getComputedStyle(node).visibility") == "visible"


def plain(text):
    return text.replace("`", "")


def choose(tab, one, text):
    place(tab, one).locator(".q-choices").get_by_role("button", name=plain(text), exact=True).click()


def test_the_output_waits_for_an_answer_and_a_wrong_one_is_told_why(reader, origin):
    with reader(origin) as (tab, trouble):
        tab.goto(f"{origin}{PAGE}.html", wait_until="load")
        assert not below(tab, FIRST)
        wrong = FIRST.wrong[0]
        choose(tab, FIRST, wrong)
        said = place(tab, FIRST).get_by_role("status")
        assert said.inner_text() == "不对。" + plain(dict(FIRST.choices)[wrong])
        assert below(tab, FIRST)
        choose(tab, FIRST, FIRST.right)
        assert said.inner_text() == "对。" + plain(FIRST.why)
        tab.reload(wait_until="load")
        assert below(tab, FIRST) and said.inner_text() == "对。" + plain(FIRST.why)
        pressed = place(tab, FIRST).locator('[aria-pressed="true"]')
        assert pressed.all_inner_texts() == [plain(FIRST.right)]
        place(tab, FIRST).get_by_role("button", name="重新作答").click()
        assert not below(tab, FIRST) and said.text_content() == "" and pressed.count() == 0
        assert trouble == []


def test_an_answer_in_one_tab_leaves_those_of_another(reader, site):
    with reader(site) as (tab, trouble):
        other = tab.context.new_page()
        for one in (tab, other):
            one.goto(f"{site}{PAGE}.html", wait_until="load")
        choose(tab, FIRST, FIRST.right)
        choose(other, RECALL, RECALL.right)
        tab.reload(wait_until="load")
        for one in (FIRST, RECALL):
            assert place(tab, one).get_by_role("status").inner_text().startswith("对。")
        assert trouble == []


def test_the_first_answer_to_a_question_stays_the_first_in_whichever_tab_it_was_given(reader, site):
    with reader(site) as (tab, trouble):
        other = tab.context.new_page()
        for one in (tab, other):
            one.goto(f"{site}{PAGE}.html", wait_until="load")
        choose(tab, FIRST, FIRST.wrong[0])
        choose(other, FIRST, FIRST.right)
        assert other.evaluate(f"window.iolabQuestions.kept()['{FIRST.name}'].first") == plain(FIRST.wrong[0])
        tab.evaluate("localStorage.clear()")
        choose(other, RECALL, RECALL.right)
        assert other.evaluate("Object.keys(window.iolabQuestions.kept())") == [RECALL.name], "what was cleared is gone"
        assert trouble == []


def test_answers_that_cannot_be_stored_last_as_long_as_the_page(reader, site):
    with reader(site) as (tab, trouble):
        tab.goto(f"{site}{PAGE}.html", wait_until="load")
        tab.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full') } }")
        choose(tab, FIRST, FIRST.right)
        choose(tab, RECALL, RECALL.right)
        assert tab.evaluate("Object.keys(window.iolabQuestions.kept()).length") == 2
        place(tab, FIRST).get_by_role("button", name="重新作答").click()
        assert tab.evaluate(f"window.iolabQuestions.kept()['{FIRST.name}']") is None
        assert trouble == []


def test_a_number_is_typed_by_keyboard_alone(reader, site):
    with reader(site) as (tab, trouble):
        tab.goto(f"{site}{PAGE}.html", wait_until="load")
        field, said = place(tab, NUMBER).get_by_role("textbox"), place(tab, NUMBER).get_by_role("status")
        for typed, expected in (("数", "不对。写一个数。"), ("123456", "不对。" + plain(NUMBER.otherwise)),
                                (f"{NUMBER.right}.0", "对。" + plain(NUMBER.why))):
            field.fill(typed)
            field.press("Enter")
            assert said.inner_text() == expected
        assert below(tab, NUMBER)
        assert trouble == []


def test_keys_reach_every_choice_and_whoever_does_not_guess_can_go_on(reader, site):
    with reader(site) as (tab, _):
        tab.goto(f"{site}{PAGE}.html", wait_until="load")
        buttons = place(tab, FIRST).locator("button:visible")
        buttons.first.focus()
        for _ in range(len(FIRST.choices)):
            tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "不猜了，直接看"
        tab.keyboard.press("Enter")
        assert below(tab, FIRST)
        assert place(tab, RECALL).get_by_role("button", name="不猜了").count() == 0, "nothing waits below it"


@pytest.mark.parametrize("way", ["no script", "print"])
def test_without_scripts_and_on_paper_everything_is_there(reader, site, way):
    with reader(site, java_script_enabled=way == "print") as (tab, trouble):
        tab.goto(f"{site}{PAGE}.html", wait_until="load")
        if way == "print":
            tab.evaluate("dispatchEvent(new Event('beforeprint'))")
            tab.emulate_media(media="print")
        else:
            listed = place(tab, FIRST).locator(".q-choices li")
            assert listed.all_inner_texts() == [plain(choice) for choice, _ in FIRST.choices]
            assert not place(tab, FIRST).locator("dd").first.is_visible()
            place(tab, FIRST).locator("summary").click()
        assert place(tab, FIRST).locator(".q-right + dd").inner_text() == plain(FIRST.why)
        assert place(tab, FIRST).locator("dd").first.is_visible() and below(tab, FIRST)
        assert trouble == []


def test_one_page_asks_again_what_was_answered_wrong(reader, origin, tmp_path):
    with reader(origin, accept_downloads=True) as (tab, trouble):
        review = f"{origin}appendix/again.html"
        tab.goto(review, wait_until="load")
        ready(tab, "wrong")
        assert tab.locator(".iolab-question").count() == 0, "no page's questions are loaded before one is asked"
        tab.goto(f"{origin}{PAGE}.html", wait_until="load")
        choose(tab, FIRST, FIRST.wrong[0])
        choose(tab, RECALL, RECALL.right)
        tab.goto(review, wait_until="load")
        ready(tab, "wrong")
        shown = tab.locator(".iolab-question:visible")
        assert shown.evaluate_all("all => all.map((one) => one.dataset.name)") == [FIRST.name]
        choose(tab, FIRST, FIRST.right)
        tab.locator(".review-filter select").select_option("open")
        ready(tab, "open")
        count = sum(len(names.split()) for names in tab.locator("[data-names]").evaluate_all(
            "all => all.map((one) => one.dataset.names)"))
        assert tab.locator(".iolab-question").count() == count and shown.count() == count - 2
        with tab.expect_download() as saved:
            tab.get_by_role("button", name="下载我的回答").click()
        saved.value.save_as(tmp_path / "answers.json")
        kept = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
        assert {name: (one["first"], one["last"], one["right"]) for name, one in kept.items()} == {
            FIRST.name: (plain(FIRST.wrong[0]), plain(FIRST.right), True),
            RECALL.name: (plain(RECALL.right), plain(RECALL.right), True)}
        assert trouble == []


def ready(tab, kind):
    """Wait until the page that asks again shows this kind of questions."""
    tab.locator(f'.question-review[data-ready="{kind}"]').wait_for(state="attached")


def test_a_teacher_gets_all_questions_as_data(built_book):
    given = yaml.safe_load((built_book / "questions.yml").read_text(encoding="utf-8"))
    assert list(given) == list(questions.files()) and given[PAGE].keys() == {name.split("/")[1] for name in QUESTIONS}


def test_only_pages_with_questions_load_their_script(built_book):
    asking = {page for page in PAGES if 'class="iolab-question' in (built_book / page).read_text(encoding="utf-8")}
    loading = {page for page in PAGES if "question.js" in (built_book / page).read_text(encoding="utf-8")}
    assert asking | {"appendix/again.html"} == loading and f"{PAGE}.html" in asking < set(PAGES)


def test_hidden_code_is_shown_by_one_button_and_its_outputs_always_are(reader, site):
    with reader(site) as (tab, trouble):
        tab.goto(f"{site}{PAGE}.html", wait_until="load")
        hidden = tab.locator(".cell.plumbing > .cell_input")
        assert hidden.count() > 10 and not [one for one in hidden.all() if one.is_visible()]
        assert tab.locator(".cell.plumbing figure.iolab-picture").is_visible()
        button = tab.get_by_role("button", name="显示代码")
        button.click()
        assert [one for one in hidden.all() if not one.is_visible()] == []
        tab.get_by_role("button", name="收起代码").click()
        assert not hidden.first.is_visible()
        assert trouble == []


def test_a_folded_script_opens(reader, site):
    with reader(site) as (tab, _):
        tab.goto(f"{site}{PAGE}.html", wait_until="load")
        folded = tab.locator("details.hide").first
        assert folded.locator("summary").inner_text().strip() == "展开，看整个脚本"
        folded.locator("summary").click()
        assert folded.locator("pre").is_visible() and folded.locator("summary").inner_text().strip() == "收起"


def test_search_knows_the_words_of_a_question_not_its_answer(built_book):
    index = (built_book / "_static" / "search-index.js").read_text(encoding="utf-8")
    asked = re.sub(r"`", "", FIRST.ask)[:12]
    assert asked in index and plain(FIRST.why)[:14] not in index
