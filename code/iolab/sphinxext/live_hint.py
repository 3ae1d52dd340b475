"""Once a page, in the first cell that one sees, where the live book has a button: how to get that book.

iolab.live hides the words.
"""

from docutils import nodes

HINT = ('<p class="live-hint d-print-none" '
        'style="margin: 0; padding: 0.2rem 1rem; background: var(--pst-color-background); font-size: 0.8rem">'
        "在书的文件夹里执行 <code>make read</code>，打开的书里每个单元格都可以改、可以运行。</p>")


def add_hint(app, doctree, docname):
    if app.builder.format != "html":
        return
    for code in doctree.findall(nodes.container):
        if "cell_input" in code.get("classes", ()) and "plumbing" not in code.parent.get("classes", ()):
            code += nodes.raw("", HINT, format="html")
            return


def setup(app):
    app.connect("doctree-resolved", add_hint)  # after plumbing has hidden cells
