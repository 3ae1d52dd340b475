"""A page of six cells, written as the book's are, and the server that makes it live."""

import pytest

from live_driver import CELLS, LiveBook, page


@pytest.fixture(scope="session")
def html_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("html")
    (folder / "index.html").write_text("<!DOCTYPE html><html><head><title>Start</title></head>No cell.</html>")
    for name in ("page", "other", "rebuilt"):
        (folder / f"{name}.html").write_text(page(CELLS))
    return folder


@pytest.fixture(scope="session")
def book(html_folder, tmp_path_factory):
    """The running server, shared by the session: tests/live_driver.py."""
    with LiveBook(html_folder, tmp_path_factory.mktemp("live") / "log") as running:
        yield running
        assert "Traceback" not in running.log, running.log


@pytest.fixture
def live(book, tabs):
    """The page, open in a browser of its own."""
    with book.open(tabs, "page.html") as opened:
        yield opened


@pytest.fixture
def written(html_folder):
    """written(name, cells): build a page anew, until the end of the test."""
    kept = {}

    def write(name, cells):
        kept.setdefault(name, (html_folder / name).read_text())
        (html_folder / name).write_text(page(cells))

    yield write
    for name, text in kept.items():
        (html_folder / name).write_text(text)
