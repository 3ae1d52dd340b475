"""Pages from disk, with pictures or with anything else, that may ask nobody for anything."""

import contextlib
import itertools

import pytest

from iolab.draw import to_html
from pictures import SCENES


@pytest.fixture
def open_html(tabs, tmp_path):
    """open_html(body, head, root, **options of the browser context): a page from disk; root: attributes of <html>."""
    numbers, trouble = itertools.count(), []
    with contextlib.ExitStack() as opened:

        def open_html(body, head="", root="", **options):
            path = tmp_path / f"page{next(numbers)}.html"
            path.write_text(f'<!DOCTYPE html><html {root}><meta charset="utf-8">{head}<body>{body}', encoding="utf-8")
            page = opened.enter_context(tabs.open(**options))
            page.on("request", lambda request: request.url.startswith(("file:", "data:"))
                    or trouble.append(request.url))
            page.on("pageerror", lambda error: trouble.append(str(error)))
            page.on("console", lambda message: message.type == "error" and trouble.append(message.text))
            page.goto(path.as_uri())
            return page

        yield open_html
    assert not trouble


@pytest.fixture
def open_page(open_html):
    """open_page(names, **options of open_html): a page with these pictures."""
    return lambda *names, html=to_html, **options: open_html("".join(html(SCENES[name]) for name in names), **options)
