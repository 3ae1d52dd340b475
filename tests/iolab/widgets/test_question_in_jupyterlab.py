"""In a real JupyterLab a question is answered by a click and the output below waits; what nobody trusts is text."""

import nbformat
import pytest

from iolab import questions
from iolab.questions import html
from jupyterlab_driver import PANEL, output, run_all

ONE = questions.find("buffer-offset/unclosed")
CELLS = [f'from iolab import ask\nask("{ONE.name}")', f'print("{ONE.shows}".replace("{{right}}", "{ONE.right}"))']


@pytest.fixture
def tab(browser):
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    yield tab
    tab.close()


def waits(tab):
    area = output(tab, 1).locator("xpath=ancestor::*[contains(@class, 'jp-Cell-outputWrapper')]")
    return area.evaluate("(node) => getComputedStyle(node).visibility") == "hidden"


def test_the_output_waits_for_a_click(jupyterlab, tab):
    jupyterlab.write("asked.ipynb", *CELLS)
    jupyterlab.open(tab, "asked.ipynb")
    run_all(tab)
    asked = tab.locator(f"{PANEL} .iolab-question")
    asked.locator("button").first.wait_for()
    assert waits(tab)
    asked.get_by_role("button", name=ONE.right, exact=True).click()
    assert asked.locator(".q-said").inner_text() == "对。" + ONE.why.replace("`", "")
    assert not waits(tab) and ONE.right in output(tab, 1).inner_text()
    jupyterlab.shut_kernels()


def test_what_nobody_trusts_has_its_choices_and_a_folded_answer(jupyterlab, tab):
    shown = nbformat.v4.new_output("display_data", data={"text/plain": html.text(ONE), "text/html": html.to_html(ONE)})
    cell = nbformat.v4.new_code_cell(CELLS[0], execution_count=1, outputs=[shown])
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), jupyterlab.folder / "stored.ipynb")
    jupyterlab.open(tab, "stored.ipynb")
    area = output(tab, 0)
    area.get_by_text(ONE.wrong[0]).first.wait_for()
    assert area.locator("button").count() == 0
    area.locator("summary").click()
    assert area.get_by_text(ONE.why).is_visible()
    jupyterlab.shut_kernels()
