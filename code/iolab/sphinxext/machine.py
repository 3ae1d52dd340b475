"""On pages with cells, the script that offers the page's own Linux, where `make machine` has built one."""

from pathlib import Path

SCRIPT = "machine/main.js"  # in _static


def add_script(app, pagename, templatename, context, doctree):
    if Path(app.srcdir, "_static", SCRIPT).exists() and 'class="cell ' in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app):
    app.connect("html-page-context", add_script)
