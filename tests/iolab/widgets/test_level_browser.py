"""The levels in a real browser, opened from disk: a reader brings about what is asked for, by clicks and by keys."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from iolab import explore
from iolab.draw import inline_html, level_html, player_assets, renewed_html, without_data
from iolab.explore.export import encoded, variant
from iolab.explore.text import counts
from soak import sample

NAMES = explore.names()
PHONE = {"viewport": {"width": 360, "height": 800}}
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def open_page(open_html):
    """open_page(names, **options of open_html): a page with these levels."""
    def open_page(*names, html=level_html, head="", root="", **options):
        head = f'<title>page</title><meta name="viewport" content="width=device-width">{head}'
        return open_html("".join(html(explore.load(name)) for name in names), head, f'lang="zh" {root}', **options)

    return open_page


def figures(page):
    return page.locator("figure.iolab-explore")


def press(figure, words):
    figure.get_by_role("button", name=words, exact=True).click()


def said(figure):
    return figure.locator(".io-say").inner_text()


def offered(figure):
    """What the buttons of the actors are called."""
    return figure.evaluate("f => [...f.querySelectorAll('.io-offers button')].map(b => b.getAttribute('aria-label'))")


def names_of(moves):
    return [f"{move.actor}：{move.label}" for move in moves]


# Clicks one button after the other, if a reader could; what was offered before each click, and what is said at the end.
CLICK = """(figure, labels) => {
  const buttons = () => [...figure.querySelectorAll('.io-offers button')].filter(button => button.checkVisibility());
  const offered = [];
  for (const label of labels) {
    offered.push(buttons().map(button => button.getAttribute('aria-label')));
    buttons().find(button => button.getAttribute('aria-label') === label).click();
  }
  return [offered, figure.querySelector('.io-say').textContent];
}"""


@pytest.mark.parametrize("name", sample(NAMES, 3))
def test_it_is_solved_by_clicks_and_by_keys_on_a_phone(name, open_page):
    level = explore.load(name)
    graph, actors = level.broken.graph, variant(level.broken)["actors"]
    way = graph.follow([move.key for move in graph.shortest])
    offers = [sorted((move for move, _ in graph.edges[at]), key=lambda move: actors.index(move.actor))
              for at in (0, *(after for _, after in way[:-1]))]
    ending = f"出事了：{level.broken.goal_of(way[-1][1])}。做到了！{level.why}"

    page = open_page(name, **PHONE)
    figure = figures(page)
    assert said(figure).startswith(counts(graph))
    offered, at_the_end = figure.evaluate(CLICK, names_of(graph.shortest))
    assert offered == [names_of(moves) for moves in offers] and at_the_end.endswith(ending)
    assert "✓ 做到过" in figure.locator("figcaption").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    # another reader, in a context that has stored nothing: Chromium may show a page loaded anew what was stored before
    page = open_page(name, **PHONE)
    figure = figures(page)
    assert "做到过" not in figure.locator("figcaption").inner_text()
    # Chromium drops keys that come before the first frame of a page
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    figure.focus()
    for move, moves in zip(graph.shortest, offers, strict=True):
        page.keyboard.press(str(moves.index(move) + 1))
    assert said(figure).endswith(ending)
    stored = page.evaluate("({...localStorage})")
    page.add_init_script(f"Object.assign(localStorage, {json.dumps(stored)})")
    page.reload()
    assert "✓ 做到过" in figure.locator("figcaption").inner_text(), "a solved level is remembered"


def test_who_cannot_move_says_why_and_the_current_lines_are_lit(open_page):
    figure = figures(open_page("two_locks"))
    press(figure, "线程1：with locks[source]:")
    press(figure, "线程2：with locks[source]:")
    assert offered(figure) == []
    assert figure.locator(".io-offer").all_inner_texts() == [
        "线程1\n等 locks['乙']，它在 线程2 手里", "线程2\n等 locks['甲']，它在 线程1 手里"]
    assert figure.locator(".io-lit").all_inner_texts() == ["线程1\n线程2\n        with locks[target]:"]
    values = dict(row.split("\t") for row in figure.locator(".io-values tr").all_inner_texts())
    assert (values["locks['甲']"], values["locks['乙']"]) == ("在 线程1 手里", "在 线程2 手里")
    assert "谁也走不动了：死锁" in said(figure)


def test_it_counts_what_is_left_and_takes_steps_back(open_page):
    page = open_page("lost_update")
    figure = figures(page)
    assert "从这里走下去有 20 种走法，其中 18 种出事。" in said(figure)
    figure.focus()
    for _ in range(4):
        page.keyboard.press("1")
    assert "没有一种出事" in said(figure)
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowLeft")
    assert said(figure).startswith("撤销了第 3 步。从这里走下去有 4 种走法，其中 3 种出事。")
    page.keyboard.press("ArrowRight")
    assert said(figure).startswith("第 3 步，甲：account = balance。")
    page.keyboard.press("Home")
    assert said(figure).startswith("从头开始。") and figure.locator(".io-path li").count() == 0


def test_the_shortest_bad_path_is_shown_but_does_not_solve_it(open_page):
    page = open_page("lost_update")
    figure = figures(page)
    press(figure, "最短的坏路径")
    steps = explore.load("lost_update").broken.graph.shortest
    assert said(figure).startswith(f"最短的坏路径有 {len(steps)} 步")
    assert figure.locator(".io-path li").all_inner_texts() == [f"{move.actor} {move.label}" for move in steps]
    for _ in steps:
        press(figure, "下一步")
    assert "出事了" in said(figure) and "做到了" not in said(figure)
    assert "做到过" not in figure.locator("figcaption").inner_text()
    assert figure.get_by_role("button", name="下一步").is_disabled()


def test_a_walk_at_random_ends_and_is_counted(open_page):
    figure = figures(open_page("philosophers"))
    for number in (1, 2, 3):
        press(figure, "随便走")
        done, times, falls = re.search(r"随便走了 (\d+) 步.*随便走过 (\d+) 次，出事 (\d+) 次", said(figure)).groups()
        assert int(times) == number and int(falls) <= number and int(done) == figure.locator(".io-path li").count()
        assert offered(figure) == []


def test_a_cure_has_no_bad_path(open_page):
    figure = figures(open_page("philosophers"))
    level = explore.load("philosophers")
    for cured in level.cured:
        press(figure, cured.title)
        assert said(figure).startswith(counts(cured.graph) + "。从这里走下去有")
        assert figure.get_by_role("button", name="最短的坏路径").is_disabled()
        assert figure.get_by_role("button", name=cured.title).get_attribute("aria-pressed") == "true"
        assert figure.locator(".io-code code").all_inner_texts() == [line or " " for line in cured.system.code]


def test_where_runs_are_without_end_it_says_whether_harm_is_still_possible(open_page):
    figure = figures(open_page("lock"))
    assert "从这里走下去，可能出事。" in said(figure)
    press(figure, "Peterson 算法")
    assert "从这里走下去，不会出事了。" in said(figure)
    press(figure, "随便走")
    assert "没有出事" in said(figure)


def test_two_on_a_page_do_not_disturb_each_other(open_page):
    page = open_page("lost_update", "lock", "lost_update")
    one, two, three = (figures(page).nth(number) for number in range(3))
    press(one, "甲：balance = account")
    assert said(one).startswith("第 1 步") and not said(two).startswith("第") and not said(three).startswith("第")
    assert page.locator("[id]").count() == 0 and page.locator(".io-walk").count() == 3


def test_a_level_that_comes_late_is_walked_and_three_philosophers_open_at_once(open_page):
    page = open_page("lost_update")
    took = page.evaluate("""html => {
      const before = performance.now();
      document.body.insertAdjacentHTML('beforeend', html);
      window.iolabWalker();
      document.body.getBoundingClientRect();
      return performance.now() - before;
    }""", level_html(explore.load("philosophers")))
    assert took < 100
    press(figures(page).nth(1), "乙：sticks[left].acquire()")


def test_a_page_that_loads_the_walker_once_has_the_same_levels(open_page):
    assets = player_assets(walked=True)
    head = "".join(f"<style>{text}</style>" if name.endswith(".css") else f"<script defer>{text}</script>"
                   for name, text in assets.items())
    html, graphs = without_data(inline_html(level_html(explore.load("lost_update"))))
    (graph,) = graphs.values()
    page = open_page("lost_update", html=lambda level: html, head=f"<script>{graph}</script>{head}")
    assert page.locator("figure script").count() == 0 and list(graphs) == ["level-lost_update.js"]
    press(figures(page), "甲：balance = account")
    assert said(figures(page)).startswith("第 1 步")


def test_without_scripts_all_of_it_is_there_as_text(open_page):
    level = explore.load("philosophers")
    page = open_page("philosophers", java_script_enabled=False, **PHONE)
    text = figures(page).inner_text()
    for one in level.variants:
        assert f"{one.title}：{counts(one.graph)}" in text
        assert one.system.code[-1] in text
    assert figures(page).locator("li").all_inner_texts() == names_of(level.broken.graph.shortest)
    assert figures(page).locator("button").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_print_has_the_text_without_the_controls(open_page):
    page = open_page("lost_update")
    page.emulate_media(media="print")
    assert figures(page).locator(".io-walk").is_hidden()
    assert figures(page).locator(".io-words li").last.is_visible()


@pytest.mark.parametrize("root", ['data-theme="light"', 'data-theme="dark"'])
def test_axe_finds_nothing(root, open_page):
    head = "<style>html[data-theme=dark] body{background:#171c22}</style>"
    page = open_page("network", "two_locks", "lock", root=root, head=head)
    for figure in figures(page).all():
        press(figure, "随便走")
        press(figure, "撤销")
    results = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": WCAG})
    assert results.violations_count == 0, results.generate_report()


def test_buttons_are_large_enough_for_fingers(open_page):
    page = open_page("network", has_touch=True, is_mobile=True, **PHONE)
    assert round(min(button.bounding_box()["height"] for button in page.get_by_role("button").all())) >= 44


def test_a_stored_level_is_renewed_with_its_walker():
    html = level_html(explore.load("lost_update"))
    assert renewed_html(html.replace("iolabWalker", "oldWalker")) == html
    stored = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    assert stored == json.loads(encoded(explore.load("lost_update")))
