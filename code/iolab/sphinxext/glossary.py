"""Glossary: a page introduces a term as ``**术语（English）**``; that leads to its entry, the entry back to the page.

The entries are those of the ``glossary`` directive; such a line reads ``术语（English）``. An entry that ends with
``也说：别名、another name。`` is found under those names too.
"""

import re

from docutils import nodes

from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.markup import parts

TERMS = PageFacts("terms")  # docname -> {term: anchor}, for the terms that a page introduces
ALIASES = PageFacts("aliases")  # docname -> {term: [its other names]}, of the page with the entries
ALSO = re.compile(r"也说：([^。]+)。$", re.MULTILINE)
TERM = re.compile(r"\s*([^（）]+?)\s*（([A-Za-z][^）]*)）")


def term_of(text):
    """Return the term of ``术语（English）``, or None."""
    found = TERM.match(text)
    return found and found[1]


def introductions(doctree):
    """Yield (term, strong node) where a page first introduces a term; the English may follow what is strong."""
    seen = set()
    for strong in doctree.findall(nodes.strong):
        after = strong.next_node(descend=False, siblings=True)
        follows = after.astext() if isinstance(after, nodes.Text) else ""
        term = term_of(strong.astext()) or (term_of("x" + follows) and strong.astext().strip())
        if term and term not in seen:
            seen.add(term)
            yield term, strong


def find_terms(app, doctree):
    found = {}
    for title in doctree.findall(nodes.title):
        if isinstance(title.parent, nodes.section) and (term := term_of(title.astext())):
            found[term] = title.parent["ids"][0]
    for term, strong in introductions(doctree):
        if term not in found:
            found[term] = f"introduces-{len(found) + 1}"
            strong["ids"].append(found[term])
    if found:
        TERMS.of(app.env)[app.env.docname] = found


def find_aliases(app, doctree):
    found = {}
    for item in doctree.findall(nodes.definition_list_item):
        if (also := ALSO.search(item[-1].astext().strip())) and (term := term_of(item[0].astext())):
            found[term] = also[1].split("、")
    if found:
        ALIASES.of(app.env)[app.env.docname] = found


def vocabulary(app):
    """Return [[term, its English, other names ...], ...] of all entries."""
    aliases = {term: names for found in ALIASES.of(app.env).values() for term, names in found.items()}
    known = []
    for kind, name in app.env.get_domain("std").objects:
        if kind == "term" and (term := TERM.match(name)):
            known.append([term[1], *re.split(r"[，、]\s*", term[2]), *aliases.get(term[1], ())])
    return known


def entries(env):
    """Return term -> (docname, anchor) of the glossary's entries."""
    objects = env.get_domain("std").objects
    return {term_of(name) or name: place for (kind, name), place in sorted(objects.items()) if kind == "term"}


def homes(app):
    """Return term -> [(docname, anchor), ...]: the pages that introduce it, in the book's order."""
    found = {}
    for page in parts(app):
        for term, anchor in TERMS.of(app.env).get(page, {}).items():
            found.setdefault(term, []).append((page, anchor))
    return found


def write_again(app, env):
    """Have the pages that introduce terms and the entries written again when one of them has changed."""
    facts = entries(env), homes(app)
    before, env.iolab_glossary = getattr(env, "iolab_glossary", None), facts
    return {*TERMS.of(env), *(page for page, _ in facts[0].values())} if before != facts else ()


def resolve(app, doctree, docname):
    known = entries(app.env)
    if docname in {page for page, _ in known.values()}:
        lead_back(app, doctree, docname)
    for term, strong in introductions(doctree):
        if term in known and known[term][0] != docname and not isinstance(strong.parent, nodes.reference):
            content = strong.deepcopy()
            content["ids"] = []  # replace_self gives them to the link
            strong.replace_self(link(app, docname, *known[term], content, "glossary-term"))


def lead_back(app, doctree, docname):
    introduced = homes(app)
    for item in doctree.findall(nodes.definition_list_item):
        pages = introduced.get(term_of(item[0].astext()), ())
        if not item[0]["ids"] or not pages:
            continue
        back = nodes.paragraph(classes=["glossary-pages"])
        back += nodes.Text("见：")
        for at, (page, anchor) in enumerate(pages):
            back += [nodes.Text("、")] * bool(at)
            back += link(app, docname, page, anchor, nodes.Text(app.env.titles[page].astext()))
        item[-1] += back


def link(app, docname, page, anchor, content, *classes):
    address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
    return nodes.reference("", "", content, refuri=address, internal=True, classes=list(classes))


def topics(app):
    return [(page, term) for term, pages in homes(app).items() if term in entries(app.env) for page, _ in pages]


def setup(app):
    TERMS.connect(app)
    ALIASES.connect(app)
    app.connect("doctree-read", find_terms)
    app.connect("doctree-read", find_aliases)
    app.connect("env-updated", write_again)
    app.connect("doctree-resolved", resolve)
    app.connect("iolab-topics", topics)
    app.connect("iolab-terms", vocabulary)
