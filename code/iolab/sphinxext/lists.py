"""Lists made of what all pages say: a directive marks the place, filled when every page has been read."""

from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from iolab.sphinxext.facts import PageFacts, reread_with_others

LISTS = PageFacts("lists")  # docname -> {name of a directive on that page, ...}
_RENDER, _SOURCES = {}, {}


class listing(nodes.General, nodes.Element):
    """The place of a list."""


class List(SphinxDirective):
    def run(self):
        LISTS.of(self.env).setdefault(self.env.docname, set()).add(self.name)
        for source in _SOURCES[self.name](self.env):
            self.env.note_dependency(str(source))
        return [listing(name=self.name)]


def add_list(app, name, render, sources=lambda env: ()):
    """Let the directive ``name`` stand for the HTML that ``render(app, docname)`` returns.

    sources(env): the files besides pages that the list is made of; it is made again when one of them changes.
    """
    _RENDER[name], _SOURCES[name] = render, sources
    app.add_directive(name, List)


def home(env, name):
    """Return the page on which the list ``name`` stands, or None."""
    return next((page for page, names in sorted(LISTS.of(env).items()) if name in names), None)


def book_file(name):
    """Return a ``sources`` for one file of the book's folder."""
    return lambda env: [Path(env.srcdir, name)]


def resolve(app, doctree, docname):
    for place in list(doctree.findall(listing)):
        place.replace_self(nodes.raw("", _RENDER[place["name"]](app, docname), format="html"))


def setup(app):
    LISTS.connect(app)
    reread_with_others(app, LISTS)
    app.add_node(listing)
    app.connect("doctree-resolved", resolve)
