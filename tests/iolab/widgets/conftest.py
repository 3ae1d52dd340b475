"""Pages from disk, with pictures or with anything else, that may ask nobody for anything."""

import pytest

from iolab.draw import to_html
from pictures import SCENES


@pytest.fixture
def open_html(browser, tmp_path):
    """open_html(body, head, root, **options of the browser context): a page from disk; root: attributes of <html>."""
    contexts, trouble = [], []

    def open_html(body, head="", root="", **options):
        path = tmp_path / f"page{len(contexts)}.html"
        path.write_text(f'<!DOCTYPE html><html {root}><meta charset="utf-8">{head}<body>{body}', encoding="utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: request.url.startswith(("file:", "data:")) or trouble.append(request.url))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: message.type == "error" and trouble.append(message.text))
        page.goto(path.as_uri())
        return page

    yield open_html
    for context in contexts:
        context.close()
    assert not trouble


@pytest.fixture
def open_page(open_html):
    """open_page(names, **options of open_html): a page with these pictures."""
    return lambda *names, html=to_html, **options: open_html("".join(html(SCENES[name]) for name in names), **options)
