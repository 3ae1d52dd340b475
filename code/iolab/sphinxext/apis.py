"""Index of the APIs that the notes name: ``book/apis.yml`` maps an id to ``{page, name}``, or to the page alone."""

import html
import re
from pathlib import Path

from iolab.sphinxext import datafile
from iolab.sphinxext.lists import add_list, book_file
from iolab.sphinxext.markup import page_link, parts, url
from iolab.sphinxext.zh_search import SECTIONS

FILE = "apis.yml"


def load(path):
    """Return the mapping id -> (page, name) of an apis.yml, empty if there is none; an id without a name is its own."""
    entries = datafile.read(path) or {}
    return {
        key: (entry["page"], entry.get("name", key)) if isinstance(entry, dict) else (entry, key)
        for key, entry in entries.items()
    }


def called(name):
    """Return what a reader types for an API: ``sock.bind`` and ``bind`` for ``sock.bind(…)``, ``&`` for ``a & b``."""
    if operator := re.fullmatch(r"\w (\W+) \w", name):
        return [operator[1]]
    names = re.sub(r"\(.*", "", name).split("、")
    return list(dict.fromkeys(word for dotted in names for word in (dotted, dotted.rpartition(".")[2])))


def section_of(app, page, name):
    """Return the anchor of a page's first section with the API in its heading, else in its text or code, else None."""
    word = re.compile(rf"(?<!\w){re.escape(called(name)[-1])}(?!\w)")
    _, *sections = SECTIONS.of(app.env).get(page) or [None]
    headed = (anchor for anchor, heading, *_ in sections if word.search(heading))
    spoken = (anchor for anchor, _, text, names in sections if word.search(text) or word.search(names))
    return next(headed, None) or next(spoken, None)


def index(app, docname):
    """Return the index as HTML: the pages in the book's order, each with its APIs."""
    captions, found = parts(app), {}
    for page, name in load(Path(app.srcdir, FILE)).values():
        found.setdefault(page, []).append(name)
    items = []
    for page in (page for page in captions if page in found):
        links = [
            f'<a href="{url(app, docname, page, section_of(app, page, name))}"><code>{html.escape(name)}</code></a>'
            for name in found[page]
        ]
        listed = "".join(f"<li>{link}</li>" for link in links)
        items.append(f"<dt>{captions[page]}：{page_link(app, docname, page)}</dt><dd><ul>{listed}</ul></dd>")
    count = sum(len(names) for page, names in found.items() if page in captions)
    return f'<p class="api-count">共 {count} 个。</p><dl class="api-index">{"".join(items)}</dl>'


def topics(app):
    return [(page, word) for page, name in load(Path(app.srcdir, FILE)).values() for word in called(name)]


def setup(app):
    add_list(app, "api-index", index, book_file(FILE))
    app.connect("iolab-topics", topics)
