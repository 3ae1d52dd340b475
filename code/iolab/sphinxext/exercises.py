"""Exercises as valid HTML that everybody can use: no id twice, no link inside the title that unfolds a solution."""

from docutils import nodes


def drop_repeated_ids(app, doctree, docname):
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in ("exercise-content", "solution-content")]


def drop_links_of_folding_titles(app, doctree, docname):
    for title in doctree.findall(nodes.title):
        if "dropdown" in title.parent.get("classes", ()):
            for link in list(title.findall(nodes.reference)):
                link.replace_self(nodes.inline("", "", *link.children))


def setup(app):
    app.connect("doctree-resolved", drop_repeated_ids)
    app.connect("doctree-resolved", drop_links_of_folding_titles, priority=900)
