"""A page with pictures, from disk, that may ask nobody for anything."""

import pytest

from iolab.draw import to_html
from pictures import SCENES


@pytest.fixture
def open_page(browser, tmp_path):
    """open_page(names, **options of the browser context): a page from disk with these pictures."""
    contexts, trouble = [], []

    def open_page(*names, html=to_html, head="", root="", **options):
        body = "".join(html(SCENES[name]) for name in names)
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

    yield open_page
    for context in contexts:
        context.close()
    assert not trouble
