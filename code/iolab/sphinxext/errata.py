"""Errata of the notes: ``book/errata.yml``, the list of them all, and links both ways.

A row is ``{number, page, gist, text, claims?}``: E42, the page that tells it right, one line, the whole, the claims it
is about. A page that was not yet written anew has it as a callout too, ``:::{admonition} 笔记勘误 E42``.
"""

import posixpath
import re
from collections import Counter
from pathlib import Path

from docutils import nodes
from sphinx.util.logging import getLogger

from iolab.sphinxext import datafile
from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.lists import add_list, book_file, home
from iolab.sphinxext.markup import inline, page_link, url

FILE, LIST = "errata.yml", "errata-list"
KEYS = {"number", "page", "gist", "text", "claims"}
CALLOUTS = PageFacts("errata")  # docname -> {number: anchor} of the callouts in that page
LINK = re.compile(r"\[([^\]]+)\]\(([\w./-]+)\.(?:ipynb|md)(?:#([^)]*))?\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")

logger = getLogger(__name__)


def load(folder):
    """Return the rows of a book's errata.yml, each with an anchor of its own; empty if there is none."""
    rows, seen = [], Counter()
    for row in datafile.read(Path(folder, FILE)) or ():
        seen[row["number"]] += 1
        again = f"-{seen[row['number']]}" if seen[row["number"]] > 1 else ""
        rows.append(row | {"anchor": row["number"] + again})
    return rows


def problems(rows):
    """Return one line for each thing that is wrong with the rows."""
    lines = []
    for row in rows:
        lines += [f"{row['number']}: unknown key {key}" for key in sorted(row.keys() - KEYS - {"anchor"})]
        lines += [f"{row['number']}: {key} is missing" for key in ("page", "gist", "text") if not row.get(key)]
    return lines


def check(app):
    for line in problems(load(app.srcdir)):
        logger.warning("%s: %s", FILE, line)


def find_callouts(app, doctree):
    found = {}
    for callout in doctree.findall(nodes.admonition):
        if "erratum" not in callout["classes"]:
            continue
        title = callout.next_node(nodes.title).astext()
        numbers = re.findall(r"\bE\d+\b", title)
        if not numbers:
            logger.warning("this 笔记勘误 has no number such as E42 in its title: %s", title, location=callout)
        for number in numbers:
            callout["ids"].append(f"erratum-{number}")
            found[number] = f"erratum-{number}"
    if any(row["page"] == app.env.docname for row in load(app.srcdir)):
        app.env.note_dependency(str(Path(app.srcdir, FILE)))
    if found:
        CALLOUTS.of(app.env)[app.env.docname] = found


def errata_list(app, docname):
    """Return all errata by number as HTML, each with the page that tells it right."""
    rows = load(app.srcdir)
    items = []
    for row in rows:
        gist, text = (prose(app, docname, row, key) for key in ("gist", "text"))
        there = page_link(app, docname, row["page"], anchor(app, row))
        items.append(f'<dt id="{row["anchor"]}"><a href="#{row["anchor"]}">{row["number"]}</a> {gist}</dt>'
                     f"<dd>{text} <span>见：{there}</span></dd>")
    count = len({row["number"] for row in rows})
    return f'<p class="errata-count">共 {count} 条。</p><dl class="{LIST}">{"".join(items)}</dl>'


def anchor(app, row):
    """Where the page speaks of it: its callout, else the first cell that proves a claim of it, else None."""
    callout = CALLOUTS.of(app.env).get(row["page"], {}).get(row["number"])
    return callout or (f"claim-{row['claims'][0]}" if row.get("claims") else None)


def prose(app, docname, row, key):
    """A text of a row as HTML: code, bold words, and links as the page of the row would write them."""
    def link(match):
        words, target, place = match.groups()
        page = posixpath.normpath(posixpath.join(posixpath.dirname(row["page"]), target))
        return f'<a href="{url(app, docname, page, place)}">{words}</a>'

    return BOLD.sub(r"<strong>\1</strong>", LINK.sub(link, inline(row[key])))


def links(app, docname, rows):
    page = home(app.env, LIST)
    return [f'<a href="{url(app, docname, page, row["anchor"])}">{row["number"]}</a>' for row in rows] if page else []


def links_of_claim(app, docname, name):
    """Return the links from a claim on page `docname` to its errata, as HTML."""
    return links(app, docname, [row for row in load(app.srcdir)
                                if row["page"] == docname and name in row.get("claims", ())])


def tell_below(app, doctree, docname):
    """Below a page: what of the notes it corrects."""
    found = links(app, docname, [row for row in load(app.srcdir) if row["page"] == docname])
    if found and app.builder.format == "html" and docname not in CALLOUTS.of(app.env):
        line = f'<p class="page-errata">这一页和讲义说法不同的地方：{"、".join(found)}。</p>'
        doctree.next_node(nodes.section).append(nodes.raw("", line, format="html"))


def setup(app):
    CALLOUTS.connect(app)
    add_list(app, LIST, errata_list, book_file(FILE))
    app.connect("builder-inited", check)
    app.connect("doctree-read", find_callouts)
    app.connect("doctree-resolved", tell_below)
