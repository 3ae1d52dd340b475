"""Code that a reader need not see is hidden: imports and helpers, lines that only show or run something, checks.

Its cells are tagged ``setup`` (the live book runs it before what needs it) or ``unseen``, or are an exercise's check.
One button a page shows it all; without JavaScript it is never hidden.
"""

from docutils import nodes

HIDDEN, CHECK = {"tag_setup", "tag_unseen"}, "tag_check:"
BUTTON = ('<p class="show-code pst-js-only d-print-none">'
          '<button type="button" aria-pressed="false">显示代码</button></p>')


def hide(app, doctree, docname):
    cells = [cell for cell in doctree.findall(nodes.container) if "cell" in cell.get("classes", ())]
    found = [cell for cell in cells if hides(cell)]
    for cell in found:
        cell["classes"].append("plumbing")
    if found and app.builder.format == "html":
        first = found[0]
        first.parent.insert(first.parent.index(first), nodes.raw("", BUTTON, format="html"))


def hides(cell):
    return any(name in HIDDEN or name.startswith(CHECK) for name in cell["classes"])


def setup(app):
    app.connect("doctree-resolved", hide, priority=400)
