"""On pages with cells, the script that offers the page's own Linux, where `make machine` has built one."""

from pathlib import Path

FOLDER = "machine/"  # in _static
SCRIPT = FOLDER + "main.js"


def add_script(app, pagename, templatename, context, doctree):
    if Path(app.srcdir, "_static", SCRIPT).exists() and 'class="cell ' in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def keep_out(app, pagename, templatename, context, doctree):
    """Jupyter Book lets every page load whatever lies in _static: the rest of the machine is loaded when it is used."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind]
                         if FOLDER not in str(file.filename) or file.attributes.get("defer")]


def setup(app):
    app.connect("html-page-context", add_script)
    app.connect("html-page-context", keep_out, priority=960)  # after offline.choose_files
