"""In a real JupyterLab the path that a reader has chosen is taken by real threads."""

import pytest

from iolab import explore
from jupyterlab_driver import run_all

CELL = 'from iolab import level\nlevel("lost_update")'


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def test_real_threads_take_the_path_that_was_walked(jupyterlab, page):
    jupyterlab.write("level.ipynb", CELL)
    jupyterlab.open(page, "level.ipynb")
    try:
        run_all(page)
        figure = page.locator("figure.iolab-explore")
        figure.focus()
        for key in "121211":
            page.keyboard.press(key)
        figure.get_by_role("button", name="让真的线程照这个顺序走").click()
        result = page.locator(".iolab-replayed")
        result.get_by_text("真的走了一遍").wait_for()
        broken = explore.load("lost_update").broken
        way = broken.graph.follow(["甲", "乙", "甲", "乙", "甲", "乙"])
        assert result.locator("li").all_inner_texts() == [f"{move.actor}：{move.label} ✓" for move, _ in way]
        assert broken.goal_of(way[-1][1]) in result.inner_text()
    finally:
        jupyterlab.shut_kernels()
