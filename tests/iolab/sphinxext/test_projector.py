"""A picture, a level or a table fills the screen, from its button, from a key, and from the page's address."""

import pytest

from iolab import explore
from iolab.draw import inline_html, level_html, player_assets, to_html
from pages import ROOT
from pictures import SCENES, press, said

STEPS, STILL, TABLE, LEVEL = "handshake", "osi_tcpip", "struct_formats", "lost_update"
SIZE = {"width": 1280, "height": 720}
NO_SCREEN = "() => { HTMLElement.prototype.requestFullscreen = () => Promise.reject(new Error('no')); }"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page as the book has it, with one of each kind."""
    assets = player_assets(walked=True)
    styles = [text for name, text in assets.items() if name.endswith(".css")]
    styles.append((ROOT / "book/_static/book.css").read_text(encoding="utf-8"))
    scripts = [text for name, text in assets.items() if name.endswith(".js")]
    scripts.append((ROOT / "code/iolab/sphinxext/static/projector.js").read_text(encoding="utf-8"))
    figures = [inline_html(to_html(SCENES[name])) for name in (STEPS, STILL, TABLE)]
    figures.append(inline_html(level_html(explore.load(LEVEL))))
    path = tmp_path_factory.mktemp("projector") / "page.html"
    path.write_text(f'<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><style>{"".join(styles)}</style><body>'
                    f'{"".join(figures)}{"".join(f"<script>{text}</script>" for text in scripts)}', encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(tabs, address):
    with tabs.open(viewport=SIZE) as tab:
        trouble = []
        tab.on("pageerror", lambda error: trouble.append(str(error)))
        tab.on("console", lambda message: trouble.append(message.text))
        tab.goto(address)
        yield tab
        assert not trouble


def figure(page, name):
    return page.locator(f'figure[data-name="{name}"]')


def fills(found):
    return found.evaluate("f => { const b = f.getBoundingClientRect(); return [b.x, b.y, b.width, b.height].join() }"
                          ) == "0,0,1280,720"


def test_a_level_fills_the_screen_and_a_presenters_keys_walk(page):
    level = figure(page, LEVEL)
    press(level, "全屏")
    level.get_by_role("button", name="退出全屏").wait_for()
    assert fills(level) and page.evaluate("document.fullscreenElement.dataset.name") == LEVEL
    assert level.evaluate("f => f.scrollHeight <= f.clientHeight"), "all of it can be seen at once"
    assert level.locator(".io-line code").first.evaluate("code => parseFloat(getComputedStyle(code).fontSize)") >= 17
    assert "1–9 走一步" in level.locator(".io-keys").inner_text()
    press(level, "最短的坏路径")
    for key, step in (("PageDown", "第 1 步"), ("ArrowRight", "第 2 步"), ("PageUp", "撤销了第 2 步")):
        page.keyboard.press(key)
        assert said(level).startswith(step), key
    page.keyboard.press("f")
    level.get_by_role("button", name="全屏", exact=True).wait_for()
    assert not fills(level) and not level.locator(".io-keys").is_visible()
    page.keyboard.press("PageDown")
    assert said(level).startswith("撤销了第 2 步"), "the page's own keys are its own again"


@pytest.mark.parametrize("name", [LEVEL, STILL, TABLE])
def test_where_the_browser_gives_no_screen_the_window_is_filled_and_escape_returns(name, page):
    page.evaluate(NO_SCREEN)
    one = figure(page, name)
    one.focus()
    page.keyboard.press("f")
    one.get_by_role("button", name="退出全屏").wait_for()
    assert fills(one) and (name == TABLE or one.evaluate("f => f.scrollHeight <= f.clientHeight"))
    page.keyboard.press("Escape")
    one.get_by_role("button", name="全屏", exact=True).wait_for()
    assert not fills(one)


def test_each_has_one_button_and_says_its_keys(page):
    counts = {name: figure(page, name).get_by_role("button", name="全屏", exact=True).count()
              for name in (STEPS, STILL, TABLE, LEVEL)}
    assert set(counts.values()) == {1}, counts
    keys = [figure(page, name).locator(".io-keys").text_content() for name in (STEPS, STILL)]
    assert "空格 播放" in keys[0] and "播放" not in keys[1]


@pytest.mark.parametrize(("name", "key", "moved"), [(STEPS, "PageDown", "2/"), (LEVEL, "1", "第 1 步")])
def test_an_address_opens_a_picture_and_the_first_key_takes_the_screen(name, key, moved, page, address):
    page.goto(f"{address}?screen={name}")
    one = figure(page, name)
    assert fills(one) and page.evaluate("document.fullscreenElement") is None
    page.keyboard.press(key)
    page.wait_for_function("document.fullscreenElement !== null")
    assert said(one).startswith(moved) and fills(one)
    page.keyboard.press("f")
    one.get_by_role("button", name="全屏", exact=True).wait_for()
    page.goto(f"{address}?screen=nothing'\"]")
    assert page.locator(".io-big").count() == 0
