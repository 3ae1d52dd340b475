"""The book's pages in a real JupyterLab: they read as the HTML does, and lead on."""

import functools
import html
import itertools
import json
import posixpath
import re
import shutil

import nbformat
import pytest

from jupyterlab_driver import PANEL, TOKEN
from pages import PAGES, ROOT
from processes import wait_until

BOOK = ROOT / "book"
NAMES = [page.removesuffix(".html") for page in PAGES]
EXERCISE = re.compile(r'<p class="admonition-title">(?:<span class="caption-number">)?((?:解答<span> )?练习 \d+)')


@pytest.fixture(scope="module")
def shelf(jupyterlab):
    """The pages, below the folder that JupyterLab shows."""
    shutil.copytree(BOOK, jupyterlab.folder / "book", ignore=shutil.ignore_patterns("_build", ".ipynb_checkpoints"),
                    dirs_exist_ok=True)
    yield jupyterlab
    jupyterlab.shut_kernels()


@pytest.fixture
def whole(shelf, tabs):
    """A JupyterLab's tab of its own that has all cells of a page in the document, not only those near the screen."""
    settings = shelf.settings / "@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"windowingMode": "none"}')
    with tabs.open(viewport={"width": 1280, "height": 900}) as tab:
        yield tab
    settings.unlink()


def test_exercises_have_the_numbers_and_names_of_the_html(shelf, whole, built_book):
    shown = (built_book / "network/struct.html").read_text(encoding="utf-8")
    expected = [re.sub("<span>", "", title) for title in EXERCISE.findall(shown)]
    shelf.open(whole, "book/network/struct.ipynb")

    def named():
        titles = whole.locator(f"{PANEL} .myst-exercise-title").all_inner_texts()
        return [re.sub(r" \(.*", "", title).replace("\xa0", " ") for title in titles] == expected

    wait_until(named, f"{expected}", timeout=30)
    assert expected[:2] == ["练习 1", "解答 练习 1"] and len(expected) > 4


def test_the_start_page_shows_no_markup_and_leads_to_every_page(shelf, lab_page):
    lab_page.goto(f"{shelf.url}/lab/workspaces/start/tree/book/index.md?token={TOKEN}")
    page = lab_page.locator(".jp-MarkdownViewer")
    page.get_by_text("读起").wait_for(timeout=60_000)
    assert not re.search(r"[{`]", page.inner_text())
    source = (BOOK / "index.md").read_text(encoding="utf-8").partition("## 目录")[2]
    links = re.findall(r"\]\(([^)]*)\.(?:ipynb|md)\)", source)
    assert links == NAMES[1:], "the list of index.md and _toc.yml differ"


def test_a_link_leads_to_a_chinese_heading(shelf, lab_page):
    heading = re.findall(r"^#{2,4} (.*)$", sources()["thread/sync"], re.MULTILINE)[-2]
    link = nbformat.v4.new_markdown_cell(f"[那一节](sync.ipynb#{anchor(heading)})")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[link], metadata=kernel), shelf.folder / "book/thread/link.ipynb")
    shelf.open(lab_page, "book/thread/link.ipynb")
    lab_page.get_by_role("link", name="那一节").click()
    target = lab_page.locator(f"{PANEL} :is(h2, h3, h4)", has_text=heading).first
    target.wait_for(timeout=30_000)
    wait_until(lambda: 0 <= (target.bounding_box() or {"y": -1})["y"] < 200, f"{heading} at the top", timeout=15)


def test_a_listing_is_coloured(shelf, lab_page):
    shelf.open(lab_page, "book/process/ipc.ipynb")
    keyword = lab_page.locator(f"{PANEL} .jp-OutputArea-output .hljs-keyword").first
    keyword.wait_for(timeout=30_000)
    colour = "(node) => getComputedStyle(node).color"
    assert keyword.evaluate(colour) != lab_page.locator(f"{PANEL} .jp-OutputArea-output pre").first.evaluate(colour)


@functools.cache
def sources():
    """name -> the text of a page's Markdown."""
    texts = {}
    for name in NAMES:
        path = BOOK / f"{name}.ipynb"
        if path.exists():
            markdown = [cell["source"] for cell in cells(name) if cell["cell_type"] == "markdown"]
            texts[name] = "\n\n".join(map("".join, markdown))
        else:
            texts[name] = path.with_suffix(".md").read_text(encoding="utf-8")
    return texts


@functools.cache
def cells(name):
    return json.loads((BOOK / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def title(name):
    return re.search(r"^# (.*)$", sources()[name], re.MULTILINE)[1]


@pytest.mark.parametrize(("pattern", "instead"), [
    (r"\{(?:note|tip|warning|important|caution|hint)\}", "an admonition with a Chinese title: JupyterLab writes Note"),
    (r"\{doc\}`", "a link with the page's title: JupyterLab prints the name of the file"),
    (r"\)\{[.#][^}]*\}", "no attributes behind a link: JupyterLab prints them"),
])
def test_no_markup_that_jupyterlab_shows_otherwise(pattern, instead):
    found = [name for name, text in sources().items() if re.search(pattern, text)]
    assert not found, f"{found}: {instead}"


def test_each_page_ends_with_a_link_to_the_next():
    """In a last cell that the HTML leaves out (it has its own link): tag remove-cell."""
    wrong = []
    for name, following in itertools.pairwise(NAMES):
        if not (BOOK / f"{name}.ipynb").exists():
            continue
        suffix = ".ipynb" if (BOOK / f"{following}.ipynb").exists() else ".md"
        target = posixpath.relpath(following + suffix, posixpath.dirname(name))
        last, expected = cells(name)[-1], f"下一页：[{title(following)}]({target})"
        if ("".join(last["source"]), last["metadata"].get("tags")) != (expected, ["remove-cell"]):
            wrong.append(f"{name}: its last cell is not {expected}")
    assert not wrong, "\n".join(wrong)


def test_a_link_to_a_heading_finds_it():
    """By the words of the heading in lower case, spaces as hyphens, without punctuation."""
    lost, found = [], 0
    headings = {name: {anchor(line) for line in re.findall(r"^#{1,4} (.*)$", text, re.MULTILINE)}
                for name, text in sources().items()}
    for name, text in sources().items():
        for path, fragment in re.findall(r"\]\(((?:[\w./-]+\.(?:ipynb|md))?)#([^)\s]+)\)", text):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            target = re.sub(r"\.(ipynb|md)$", "", target)
            found += 1
            if fragment not in headings.get(target, ()) and f"({fragment})=" not in sources().get(target, ""):
                lost.append(f"{name}: {path}#{fragment}")
    assert found > 5 and not lost, "\n".join(lost)


def anchor(heading):
    return re.sub(r"[^\w -]", "", html.unescape(heading).strip().lower()).replace(" ", "-")
