"""Errata of the notes: an anchor on each callout in the pages, and the list of them all.

A callout is an admonition of class ``erratum`` with a number in its title: ``:::{admonition} 笔记勘误 E42``.
"""

import re

from docutils import nodes
from sphinx.util.logging import getLogger

from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.lists import add_list
from iolab.sphinxext.markup import body, inline, page_title, table, url

CALLOUTS = PageFacts("errata")  # docname -> [(number, first sentence, anchor), ...]

logger = getLogger(__name__)


def find_callouts(app, doctree):
    found = []
    for callout in doctree.findall(nodes.admonition):
        if "erratum" not in callout["classes"]:
            continue
        title, *body = callout.children
        numbers = [int(number) for number in re.findall(r"\bE(\d+)\b", title.astext())]
        if not numbers:
            logger.warning("this 笔记勘误 has no number such as E42 in its title: %s", title.astext(), location=callout)
        for number in numbers:
            anchor = f"erratum-E{number:02}"
            taken = {anchor for _, _, anchor in found}
            copies = (f"{anchor}-{copy}" for copy in range(2, len(taken) + 3))
            anchor = next(name for name in (anchor, *copies) if name not in taken)
            callout["ids"].append(anchor)
            found.append((number, gist(title, body), anchor))
    if found:
        CALLOUTS.of(app.env)[app.env.docname] = found


def gist(title, body):
    """Return what a callout says in one line: the title's words after the numbers, else the first sentence."""
    words = re.sub(r"^\s*笔记勘误\s*|[\s、，,]*\bE\d+\b[\s、，,：:]*", "", title.astext()).strip()
    text = re.sub(r"\s+", " ", body[0].astext()) if body else ""
    return words or re.match(r".*?(?:[。！？]|$)", text)[0]


def errata_list(app, docname):
    """Return the list of all callouts by number as HTML."""
    found = sorted(
        (number, page, text, anchor)
        for page, callouts in CALLOUTS.of(app.env).items()
        for number, text, anchor in callouts
    )
    rows = [
        f'<tr><th scope="row"><a href="{url(app, docname, page, anchor)}">E{number:02}</a></th>'
        f"<td>{inline(text)}</td><td>{page_title(app, page)}</td></tr>"
        for number, page, text, anchor in found
    ]
    count = f'<p class="errata-count">共 {len({number for number, *_ in found})} 条。</p>'
    return count + table("errata-list", ("编号", "要点", "在哪一页"), body(rows))


def setup(app):
    CALLOUTS.connect(app)
    add_list(app, "errata-list", errata_list)
    app.connect("doctree-read", find_callouts)
