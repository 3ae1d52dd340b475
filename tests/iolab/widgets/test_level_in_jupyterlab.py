"""In a real JupyterLab real threads take the path that a reader has chosen; pages that nobody trusts are text."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from iolab import diagrams, explore
from iolab.draw import level_html, to_html
from iolab.explore.text import counts, step
from jupyterlab_driver import run_all

CELL = 'from iolab import level\nlevel("lost_update")'


def test_pages_that_nobody_trusts_show_a_level_and_a_picture_as_text(jupyterlab, lab_page):
    """As a reader gets a stored notebook from elsewhere: JupyterLab takes out scripts and styles."""
    level, scene = explore.load("philosophers"), diagrams.load("byte_way")
    cells = [new_code_cell(f"# {number}", outputs=[new_output("display_data", {"text/html": html})])
             for number, html in enumerate((level_html(level), to_html(scene)))]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), jupyterlab.folder / "stored.ipynb")
    jupyterlab.open(lab_page, "stored.ipynb", fresh=True)
    figures = lab_page.locator("figure.iolab-picture")
    figures.nth(1).locator("img").wait_for()
    said = figures.first.inner_text()
    assert level.task in said and all(f"{one.title}：{counts(one.graph)}" in said for one in level.variants)
    assert figures.first.locator("li").all_inner_texts() == [step(move) for move in level.broken.graph.shortest]
    assert figures.nth(1).locator("img").bounding_box()["height"] > 200
    assert figures.nth(1).locator("ol li").all_inner_texts() == [one.caption for one in scene.steps]
    assert lab_page.locator("figure button, figure script, figure style").count() == 0
    assert '"variants"' not in said, "the graph itself is nothing to read"


def test_real_threads_take_the_path_that_was_walked(jupyterlab, lab_page):
    jupyterlab.write("level.ipynb", CELL)
    jupyterlab.open(lab_page, "level.ipynb")
    run_all(lab_page)
    figure = lab_page.locator("figure.iolab-explore")
    figure.focus()
    for key in "121211":
        lab_page.keyboard.press(key)
    figure.get_by_role("button", name="让真的线程照这个顺序走").click()
    result = lab_page.locator(".iolab-replayed")
    result.get_by_text("真的走了一遍").wait_for()
    broken = explore.load("lost_update").broken
    way = broken.graph.follow(["甲", "乙", "甲", "乙", "甲", "乙"])
    assert result.locator("li").all_inner_texts() == [f"{move.actor}：{move.label} ✓" for move, _ in way]
    assert broken.goal_of(way[-1][1]) in result.inner_text()
