"""Errata of the notes: an anchor on each callout in the pages, and the list of them all.

A callout is an admonition of class ``erratum`` with a number in its title: ``:::{admonition} 笔记勘误 E42``.
"""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

from iolab.sphinxext.facts import PageFacts, reread_with_others
from iolab.sphinxext.markup import inline, page_title, url

CALLOUTS = PageFacts("errata")  # docname -> [(number, first sentence, anchor), ...]
LISTS = PageFacts("errata_lists")  # docname -> True

logger = getLogger(__name__)


class errata_list(nodes.General, nodes.Element):
    """The place of the list, filled when all pages have been read."""


class ErrataList(SphinxDirective):
    def run(self):
        LISTS.of(self.env)[self.env.docname] = True
        return [errata_list()]


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


def resolve(app, doctree, docname):
    for place in list(doctree.findall(errata_list)):
        rows = sorted(
            (number, page, text, anchor)
            for page, found in CALLOUTS.of(app.env).items()
            for number, text, anchor in found
        )
        body = "".join(
            f'<tr><th scope="row"><a href="{url(app, docname, page, anchor)}">E{number:02}</a></th>'
            f"<td>{inline(text)}</td><td>{page_title(app, page)}</td></tr>"
            for number, page, text, anchor in rows
        )
        table = (
            f'<p class="errata-count">共 {len({row[0] for row in rows})} 条。</p>'
            '<div class="pst-scrollable-table-container"><table class="table errata-list"><thead><tr>'
            '<th scope="col">编号</th><th scope="col">要点</th><th scope="col">在哪一页</th></tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )
        place.replace_self(nodes.raw("", table, format="html"))


def setup(app):
    CALLOUTS.connect(app)
    LISTS.connect(app)
    reread_with_others(app, LISTS)
    app.add_node(errata_list)
    app.add_directive("errata-list", ErrataList)
    app.connect("doctree-read", find_callouts)
    app.connect("doctree-resolved", resolve)
