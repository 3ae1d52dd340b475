"""The pictures in a real browser, from disk: they play, and ask nobody for anything; test_play.py walks through all."""

import base64
import itertools

import pytest

from iolab.draw import inline_html, plan, player_assets, to_html, without_data
from iolab.model import Table
from pictures import LOOK, SCENES, press, said, stored
from soak import sample

DRAWN = [name for name, scene in SCENES.items() if not isinstance(scene, Table)]
STATE_MODELS = ("three_states", "five_states")

# The four corners of every line of text, shrunk to its letters, and of the box that it is written in, if any.
TEXTS = """svg => {
  const seen = [...svg.querySelectorAll('text')].filter(
    text => text.textContent.trim() && text.getClientRects().length);
  const corners = (part, shrink) => {
    const {x, y, width, height} = part.getBBox(), matrix = part.getCTM(), cut = height * shrink;
    return [[x, y + cut], [x + width, y + cut], [x + width, y + height - cut], [x, y + height - cut]].map(
      ([a, b]) => { const p = new DOMPoint(a, b).matrixTransform(matrix); return [p.x, p.y]; });
  };
  return seen.map(text => {
    let box = text.previousElementSibling;
    while (box && box.tagName === 'text') box = box.previousElementSibling;
    const filled = box && /fill:var\\(--io-(box|paper|[a-z]+-fill)/.test(box.getAttribute('style'));
    return {text: text.textContent, corners: corners(text, .22), box: filled ? corners(box, 0) : null};
  });
}"""


def test_it_plays_by_itself_and_pauses(open_page):
    page = open_page("handshake", clock=True)
    figure = page.locator("figure.iolab-picture")
    steps = len(SCENES["handshake"].steps)
    heard = {said(figure)}
    press(figure, "播放")
    assert said(figure).startswith(f"2/{steps} ")
    heard.add(said(figure))
    while figure.get_by_role("button", name="暂停", exact=True).count():
        page.clock.run_for(500)
        heard.add(said(figure))
    assert len(heard) == steps
    assert said(figure).startswith(f"{steps}/{steps} ")
    figure.focus()
    page.keyboard.press("Space")
    page.clock.run_for(1700)
    assert said(figure).startswith("2/")
    page.keyboard.press("Space")
    page.clock.run_for(60000)
    assert said(figure).startswith("2/")


def test_the_slider_goes_anywhere(open_page):
    figure = open_page("handshake").locator("figure.iolab-picture")
    slider = figure.get_by_role("slider", name="步骤")
    slider.fill("3")
    assert said(figure).startswith("3/")
    assert slider.get_attribute("aria-valuetext") == f"第 3 步，共 {len(SCENES['handshake'].steps)} 步"
    slider.press("ArrowRight")
    assert said(figure).startswith("4/")
    slider.press("Home")
    assert said(figure).startswith("1/")


def test_pictures_do_not_disturb_each_other(open_page):
    page = open_page("handshake", "three_states", "handshake")
    one, two, three = (page.locator("figure.iolab-picture").nth(number) for number in range(3))
    before = two.evaluate(LOOK), three.evaluate(LOOK)
    press(one, "从头")
    assert (two.evaluate(LOOK), three.evaluate(LOOK)) == before
    press(three, "从头")
    press(three, "下一步")
    assert said(one).startswith("1/") and said(three).startswith("2/")
    assert page.locator("[id]").count() == 0
    assert page.locator(".io-panel").count() == 3


def test_a_picture_that_comes_late_plays_too(open_page):
    page = open_page("handshake")
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", to_html(SCENES["deadlock"]))
    late = page.locator("figure[data-name=deadlock]")
    late.locator(".io-panel").wait_for()
    press(late, "从头")
    assert said(late).startswith("1/")


@pytest.mark.parametrize("cut", ["<li>", '"steps":', "</figure>"])
def test_a_picture_of_which_half_has_come_waits_for_the_rest(cut, open_page):
    page = open_page()
    html = to_html(SCENES["handshake"]) + to_html(SCENES["deadlock"])
    half = html.rindex(cut) + len(cut) // 2
    page.evaluate("half => { document.open(); document.write(half); }", html[:half])
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert page.locator(".io-panel").count() == 1
    page.evaluate("rest => { document.write(rest); document.close(); }", html[half:])
    page.locator(".io-panel").nth(1).wait_for()
    press(page.locator("figure[data-name=deadlock]"), "从头")


def test_a_page_that_loads_the_player_once_has_the_same_pictures(open_page):
    assets = player_assets()
    page = open_page("handshake", "osi_tcpip", html=lambda scene: inline_html(to_html(scene)),
                     head=f"<style>{assets['player.css']}</style><script>{assets['player.js']}</script>")
    figure = page.locator("figure.iolab-picture").first
    figure.get_by_role("slider", name="步骤").press("End")
    assert figure.evaluate(LOOK) == stored(page, "handshake")
    press(figure, "从头")
    assert said(figure).startswith("1/")


def test_a_driven_picture_finds_what_it_can_show_in_a_script_of_its_own(open_page):
    """As pages of the book have it: the data first, then the player; the same picture may stand there twice."""
    names = "byte_way", "event_loop", "byte_way"
    _, scripts = without_data("".join(inline_html(to_html(SCENES[name])) for name in names))
    assets = player_assets()
    texts = [base64.b64encode(text.encode()).decode() for text in (*scripts.values(), assets["player.js"])]
    head = "".join(f"<script src='data:text/javascript;charset=utf-8;base64,{text}' defer></script>" for text in texts)
    page = open_page(*names, html=lambda scene: without_data(inline_html(to_html(scene)))[0],
                     head=f"<style>{assets['player.css']}</style>{head}")
    for number, name in enumerate(names):
        figure = page.locator("figure.iolab-picture").nth(number)
        figure.get_by_role("slider", name="步骤").press("End")
        assert said(figure).endswith(SCENES[name].steps[-1].caption)
    press(page.locator("figure.iolab-picture").last, "再启动")
    assert said(page.locator("figure.iolab-picture").last).startswith("再启动一次")


def test_without_scripts_the_picture_and_all_steps_are_there(open_page):
    page = open_page("handshake", java_script_enabled=False)
    figure = page.locator("figure.iolab-picture")
    assert figure.locator("img").bounding_box()["height"] > 300
    assert figure.locator("li").all_inner_texts() == [step.caption for step in SCENES["handshake"].steps]
    assert figure.locator("button").count() == 0


def test_print_shows_the_end_and_the_steps_without_controls(open_page):
    page = open_page("three_states", "handshake", "byte_way")
    for slider in page.get_by_role("slider", name="步骤").all():
        slider.press("End")
    ends = [figure.evaluate(LOOK) for figure in page.locator("figure.iolab-picture").all()]
    for figure in page.locator("figure.iolab-picture").all():
        press(figure, "从头")
        assert figure.evaluate(LOOK) not in ends
    page.emulate_media(media="print")
    for figure, end in zip(page.locator("figure.iolab-picture").all(), ends, strict=True):
        assert alike(figure.evaluate(LOOK), end)
        assert figure.locator(".io-panel").is_hidden()
        assert figure.locator("li").last.is_visible()


def alike(one, two):
    """Whether two pictures of different sizes show the same, but for the rounding of places."""
    def same(a, b):
        return a == b or (a and b and abs(a[0] - b[0]) <= 1 and abs(a[1] - b[1]) <= 1 and a[2:] == b[2:])

    return one.keys() == two.keys() and all(same(one[gid], two[gid]) for gid in one)


def test_reduced_motion_moves_nothing(open_page):
    count = "figure => figure.getAnimations({subtree: true}).length"
    for motion, moving in (("reduce", False), ("no-preference", True)):
        for name in ("handshake", "three_states"):
            figure = open_page(name, reduced_motion=motion).locator("figure.iolab-picture")
            press(figure, "从头")
            seen = []
            for _ in SCENES[name].steps[1:]:
                press(figure, "下一步")
                seen.append(figure.evaluate(count))
            assert any(seen) is moving


@pytest.mark.parametrize("name", STATE_MODELS)
def test_readers_drive_a_process_through_its_states(name, open_page):
    scene, page = SCENES[name], open_page(name)
    figure = page.locator("figure.iolab-picture")
    spots = plan(scene).drive["nodes"]
    titles = {node.name: node.title for node in scene.nodes}
    press(figure, "从头")
    at, untried = scene.tokens[0].at, {edge.name for edge in scene.edges}
    for _ in range(30):
        ways = [edge for edge in scene.edges if edge.source == at]
        offered = figure.locator(".io-drive button").all_inner_texts()
        expected = [f"{titles[at]} → {titles[edge.target]}：{edge.label}".replace("\n", "") for edge in ways]
        assert offered == (expected or ["重新开始"])
        if not untried:
            break
        if not ways:
            press(figure, "重新开始")
            at = scene.tokens[0].at
            continue
        way = min(ways, key=lambda edge: (edge.name not in untried, edge.name))
        press(figure, expected[ways.index(way)])
        untried.discard(way.name)
        at = way.target
        assert token_at(figure) == pytest.approx(spots[at], abs=1.5)
    assert not untried
    press(figure, "从头")
    assert token_at(figure) == pytest.approx(spots[scene.tokens[0].at], abs=1.5)


def token_at(figure):
    """Where the token stands, in picture units."""
    return figure.evaluate("""figure => {
      figure.getAnimations({subtree: true}).forEach(animation => animation.finish());
      const svg = figure.querySelector('svg'), token = svg.querySelector('[data-gid=token-p] path');
      const box = token.getBoundingClientRect();
      const all = svg.getBoundingClientRect(), unit = all.width / svg.viewBox.baseVal.width;
      return [(box.x + box.width / 2 - all.x) / unit, (box.y + box.height / 2 - all.y) / unit];
    }""")


@pytest.mark.parametrize("name", sample(DRAWN, 3))
def test_no_words_overlap_or_leave_their_place(name, open_page):
    page = open_page(name, viewport={"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    svg = page.locator('figure.iolab-picture svg')
    box, words = svg.bounding_box(), svg.evaluate(TEXTS)
    assert words
    for one in words:
        for x, y in one["corners"]:
            assert -1 <= x <= box["width"] + 1 and -1 <= y <= box["height"] + 1, f"{one['text']} is cut off"
        if one["box"]:
            (left, top), (right, bottom) = one["box"][0], one["box"][2]
            assert all(left - 1 <= x <= right + 1 and top - 2 <= y <= bottom + 2 for x, y in one["corners"]), (
                f"{one['text']} leaves its box")
    clashes = [(one["text"], two["text"]) for one, two in itertools.combinations(words, 2)
               if overlap(one["corners"], two["corners"])]
    assert not clashes


def overlap(one, two):
    """Whether two convex quadrilaterals share a point: no edge of either separates them."""
    for shape in (one, two):
        for (x0, y0), (x1, y1) in zip(shape, shape[1:] + shape[:1], strict=True):
            across = [[(x - x0) * (y1 - y0) - (y - y0) * (x1 - x0) for x, y in quad] for quad in (one, two)]
            if max(across[0]) <= min(across[1]) or max(across[1]) <= min(across[0]):
                return False
    return True


THEMES = [
    ({"root": 'data-theme="dark"'}, True), ({"root": 'data-theme="light"', "color_scheme": "dark"}, False),
    ({"color_scheme": "dark"}, True), ({"color_scheme": "light"}, False),
]


@pytest.mark.parametrize(("options", "dark"), THEMES)
def test_the_picture_follows_the_theme(options, dark, open_page):
    page = open_page("handshake", **options)
    paper = page.locator("[data-gid=paper]").evaluate("part => getComputedStyle(part).fill")
    assert (paper != "rgb(255, 255, 254)") is dark


def test_buttons_are_large_enough_for_fingers(open_page):
    page = open_page("three_states", viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    assert round(min(button.bounding_box()["height"] for button in page.get_by_role("button").all())) >= 44
    page = open_page("three_states")
    assert round(min(button.bounding_box()["height"] for button in page.get_by_role("button").all())) >= 24
