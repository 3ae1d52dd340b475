"""Exercises as valid HTML: sphinx-exercise gives every exercise of a page the same id."""

from docutils import nodes


def drop_repeated_ids(app, doctree, docname):
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in ("exercise-content", "solution-content")]


def setup(app):
    app.connect("doctree-resolved", drop_repeated_ids)
