"""What readers see and do beside playing a picture: the whole screen, fingers, the lit line; test_drive.py: buttons."""

import pytest

from iolab.model import Code
from pictures import SCENES, press, said
from soak import sample

CODED = [name for name, scene in SCENES.items() if isinstance(getattr(scene, "code", None), Code)]
SWIPE = """(svg, [dx, dy]) => {
  const at = (x, y) => new Touch({identifier: 1, target: svg, clientX: x, clientY: y});
  const send = (type, touches, changed) => svg.dispatchEvent(
    new TouchEvent(type, {touches, changedTouches: changed, bubbles: true, cancelable: true}));
  send('touchstart', [at(150, 200)], [at(150, 200)]);
  send('touchend', [], [at(150 + dx, 200 + dy)]);
}"""


def test_the_whole_screen_with_button_and_key_and_a_presenters_keys(open_page):
    page = open_page("handshake", viewport={"width": 1280, "height": 720})
    figure = page.locator("figure.iolab-picture")
    press(figure, "全屏")
    figure.get_by_role("button", name="退出全屏").wait_for()
    box, letters = figure.bounding_box(), "say => parseFloat(getComputedStyle(say).fontSize)"
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1280, 720)
    assert figure.evaluate("figure => figure.scrollHeight <= figure.clientHeight"), "all of it can be seen at once"
    assert figure.locator(".io-say").evaluate(letters) >= 19
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    assert said(figure).startswith("3/")
    page.keyboard.press("PageUp")
    assert said(figure).startswith("2/")
    page.keyboard.press("f")
    figure.get_by_role("button", name="全屏", exact=True).wait_for()
    assert figure.bounding_box()["height"] != 720
    page.keyboard.press("PageDown")
    assert said(figure).startswith("2/"), "the page's own keys are its own again"


def test_where_the_browser_gives_no_screen_the_window_is_filled(open_page):
    page = open_page("handshake", viewport={"width": 1280, "height": 720})
    page.evaluate("() => { HTMLElement.prototype.requestFullscreen = () => Promise.reject(new Error('no')); }")
    figure = page.locator("figure.iolab-picture")
    figure.focus()
    page.keyboard.press("f")
    figure.get_by_role("button", name="退出全屏").wait_for()
    assert figure.bounding_box()["width"] == 1280
    page.keyboard.press("Escape")
    figure.get_by_role("button", name="全屏", exact=True).wait_for()


def test_a_finger_wipes_from_step_to_step_and_scrolls_as_ever(open_page):
    page = open_page("handshake", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    figure = page.locator("figure.iolab-picture")
    svg = figure.locator("svg")
    for way, step in (([-90, 10], "2/"), ([-90, 0], "3/"), ([90, 0], "2/"), ([-30, 0], "2/"), ([-90, 80], "2/")):
        svg.evaluate(SWIPE, way)
        assert said(figure).startswith(step), way


@pytest.mark.parametrize("width", [1280, 360])
def test_a_picture_takes_its_column_and_what_is_said_stands_beside_or_below_it(width, open_page):
    page = open_page("byte_way", viewport={"width": width, "height": 800})
    figure = page.locator("figure.iolab-picture")
    column = figure.bounding_box()
    svg, panel, code = (figure.locator(part).bounding_box() for part in ("svg", ".io-panel", ".io-code"))
    if width == 1280:
        assert column["width"] > 1000 and panel["x"] > svg["x"] + svg["width"] < code["x"]
        assert panel["x"] + panel["width"] == pytest.approx(column["x"] + column["width"], abs=2)
    else:
        assert svg["width"] == pytest.approx(column["width"], abs=1)
        assert svg["y"] + svg["height"] <= code["y"] and code["y"] + code["height"] <= panel["y"] + 1


def test_buttons_stay_where_they_are_however_much_is_said(open_page):
    for width in (1280, 360):
        figure = open_page("handshake", viewport={"width": width, "height": 2000}).locator("figure.iolab-picture")
        places = set()
        for _ in SCENES["handshake"].steps:
            places.add(round(figure.get_by_role("button", name="上一步").bounding_box()["y"]))
            if figure.get_by_role("button", name="下一步").is_enabled():
                press(figure, "下一步")
        assert len(places) == 1


LIT = """figure => {
  const next = [...figure.querySelectorAll('button')].find(one => one.textContent === '下一步'), lit = [];
  for (;;) {
    lit.push([...figure.querySelectorAll('.io-lit')].map(line => line.innerText.trim()));
    if (next.disabled) return lit;
    next.click();
  }
}"""


@pytest.mark.parametrize("name", sample(CODED, 3))
def test_the_lines_at_work_are_lit(name, open_page):
    scene, figure = SCENES[name], open_page(name).locator("figure.iolab-picture")
    assert figure.locator(".io-code").inner_text().split() == scene.code.text.split()
    assert figure.evaluate(LIT) == [
        [scene.code.lines[at - 1].strip() for at in sorted(step.at)] for step in scene.steps]


def test_a_recording_plays_at_its_own_pace_and_is_not_read_out_step_by_step(open_page):
    page = open_page("twelve_clients")
    page.evaluate("""() => { const real = setTimeout; window.delays = [];
      window.setTimeout = (action, delay) => { delays.push(delay); return real(action, delay); }; }""")
    figure = page.locator("figure.iolab-picture")
    press(figure, "播放")
    assert figure.locator(".io-say").get_attribute("aria-live") == "off"
    press(figure, "暂停")
    assert figure.locator(".io-say").get_attribute("aria-live") == "polite"
    assert set(page.evaluate("delays")) == {SCENES["twelve_clients"].pace}
