"""The start page's link to the first page is a button, which book-theme.js lets lead to where one has stopped reading.

The source says nothing of that: JupyterLab would print a class as it stands.
"""

from docutils import nodes


def mark(app, doctree, docname):
    if docname != app.config.root_doc:
        return
    for paragraph in doctree.findall(nodes.paragraph):
        if len(paragraph.children) == 1 and isinstance(paragraph[0], nodes.reference):
            paragraph[0]["classes"].append("reading-on")
            return


def setup(app):
    app.connect("doctree-resolved", mark)
