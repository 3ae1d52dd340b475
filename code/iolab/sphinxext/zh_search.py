"""Chinese search without a dictionary: the text of every section in one script that also loads from disk.

Sphinx's own index splits Chinese by a segmenter that the browser does not have, and fetches pages to quote them, which
fails on ``file://``. Here the browser looks the query up in the text itself: the terms of the glossary under all their
names, the errors by name, number and message, and of the rest windows of two characters (static/search-rank.js).
"""

import itertools
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx_exercise.nodes import solution_node

from iolab.sphinxext.facts import PageFacts

SECTIONS = PageFacts("search_sections")
NAME = re.compile(r"[A-Za-z_]\w{2,}")
ANSI = re.compile(r"\x1b\[[\d;]*m")


def add_sections(app, doctree):
    if app.builder.format == "html":
        SECTIONS.of(app.env)[app.env.docname] = sections(doctree)


def sections(doctree):
    """Return [(anchor, heading, prose, names), ...] of a page in reading order; the page's own title comes first.

    Of code and its output only the names count, each once: the index stays small and a name is still found.
    """
    found = []
    for section in filter(_titled, doctree.findall(nodes.section)):
        title, *body = section.children
        prose, names = [], set()
        for child in body:
            if not _titled(child):
                _read(child, prose, names)
        text = re.sub(r"\s+", " ", "".join(prose)).strip()
        names -= set(NAME.findall(text))
        found.append((section["ids"][0], title.astext(), text, " ".join(sorted(names))))
    return found


def _titled(node):
    """Tell a section of the page from the nameless ones that sphinx-exercise wraps its content in."""
    return isinstance(node, nodes.section) and bool(node.children) and isinstance(node[0], nodes.title)


def _read(node, prose, names):
    if isinstance(node, nodes.Text):
        prose.append(node.astext())
    elif isinstance(node, nodes.raw):
        prose.append(_visible(node.astext()) if "html" in node.get("format", "") else "")
    elif isinstance(node, nodes.literal_block):
        names.update(NAME.findall(ANSI.sub("", node.astext())))
    elif not isinstance(node, nodes.comment | nodes.system_message | solution_node):
        for child in _shown(node):
            _read(child, prose, names)
        if not isinstance(node, nodes.Inline):
            prose.append(" ")


def _shown(node):
    """Return the children; of an output that comes in several forms only the one that the reader sees."""
    if isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle":
        forms = {form.get("mime_type"): form for form in node.children}
        return [forms[mime] for mime in ("text/html", "text/markdown", "text/plain") if mime in forms][:1]
    return node.children


def _visible(html):
    """The words of HTML, without those that are drawn, and without a folded answer."""
    html = re.sub(r"<(style|script|svg|details)\b.*?</\1>|<!--.*?-->", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", html)


def write_index(app, exception):
    if exception or app.builder.format != "html":
        return
    topics = {}
    for docname, word in itertools.chain.from_iterable(app.emit("iolab-topics")):
        topics.setdefault(docname, set()).add(word)
    terms = sorted(itertools.chain.from_iterable(app.emit("iolab-terms")))
    errors = [[*error, list(map(app.builder.get_target_uri, docnames))]
              for *error, docnames in itertools.chain.from_iterable(app.emit("iolab-errors"))]
    pages = [
        [app.env.titles[docname].astext(), app.builder.get_target_uri(docname), found, sorted(topics.get(docname, ()))]
        for docname, found in sorted(SECTIONS.of(app.env).items())
    ]
    index = json.dumps({"pages": pages, "terms": terms, "errors": errors}, ensure_ascii=False, separators=(",", ":"))
    script = f"const BOOK_INDEX = {index};\n"
    target = Path(app.outdir, "_static", "search-index.js")
    if not target.exists() or target.read_text(encoding="utf-8") != script:
        target.write_text(script, encoding="utf-8")


def search_page(app):
    if app.builder.format == "html":
        yield "search", {}, "search.html"


def replace_sphinx_search(app):
    if app.builder.format == "html":
        app.builder.search = False


def setup(app):
    SECTIONS.connect(app)
    app.add_event("iolab-topics")  # asks for [(docname, word), ...]: what a reader looks for on that page
    app.add_event("iolab-terms")  # asks for [[form, ...], ...]: the names of each term, the first its own
    # Asks for [(name, number, message, class, number on Windows, [other message, ...], [docname, ...]), ...].
    app.add_event("iolab-errors")
    app.connect("builder-inited", replace_sphinx_search)
    app.connect("doctree-read", add_sections)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", write_index)
