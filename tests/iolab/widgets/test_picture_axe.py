"""What readers press, slide and look at in a picture, as axe sees it: light and dark, large and small."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from iolab.draw import inline_html, player_assets, to_html
from iolab.model import Machine, Sweep
from pictures import SCENES, press
from soak import sample

WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGE = {"region", "page-has-heading-one", "landmark-one-main", "html-has-lang", "document-title"}  # a page's own
DRIVEN = sample([name for name, scene in SCENES.items() if isinstance(scene, (Machine, Sweep))], 2)


@pytest.mark.parametrize("theme", sample(["dark", "light"], 2))
def test_axe_finds_nothing_in_pictures_that_readers_drive(theme, open_page):
    """At their first step, at their last, and with the whole screen: each as a reader leaves it."""
    assets = player_assets()
    head = ("<title>图</title><style>html[data-theme=dark] body{background:#171c22}</style>"
            f"<style>{assets['player.css']}</style><script>{assets['player.js']}</script>")
    page = open_page(*DRIVEN, html=lambda scene: inline_html(to_html(scene)), root=f'lang="zh" data-theme="{theme}"',
                     head=head)
    assert found(page) == []
    for figure in page.locator("figure.iolab-picture").all():
        figure.get_by_role("slider", name="步骤").press("End")
    assert found(page) == []
    page.evaluate("() => { HTMLElement.prototype.requestFullscreen = () => Promise.reject(new Error('no')); }")
    press(page.locator("figure.iolab-picture").first, "全屏")
    page.get_by_role("button", name="退出全屏").wait_for()
    assert found(page) == []


def found(page):
    """A line for each thing that axe calls wrong, less what only whole pages can have right."""
    results = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": WCAG})
    return [f"{one['id']}: {node['html'][:120]}" for one in results.response["violations"] if one["id"] not in PAGE
            for node in one["nodes"]]
