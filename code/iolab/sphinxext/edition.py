"""Two editions from one source: ``full`` folds the solutions of exercises, ``student`` has none of them, in no file.

``iolab_edition`` in _config.yml says which, or IOLAB_EDITION in the environment (`make book EDITION=student`). What is
said of solutions elsewhere stands between <!--full--> and <!--/full-->. Pages lose both before they are read, and the
sources that can be downloaded lose them too; the file of all questions is the teacher's. What a page needs to work
stays: a question's choices with what is said to each, and the calls that an exercise's check makes.
"""

import html
import json
import os
import re
from pathlib import Path

from sphinx.errors import ConfigError, ExtensionError
from sphinx_exercise.nodes import solution_node

from iolab.questions.export import SOLUTION

FULL, STUDENT = EDITIONS = ("full", "student")
VARIABLE = "IOLAB_EDITION"
TOLD = '<meta name="iolab-edition" content="{}" data-title="{}" />\n'  # on the first page, for iolab.export
ONLY_FULL = re.compile(r"<!--full-->(.*?)<!--/full-->", re.S)


def is_student(app):
    return app.config.iolab_edition == STUDENT


def of_markdown(text, edition):
    """A page's Markdown as this edition has it."""
    if edition == STUDENT:
        text = ONLY_FULL.sub("", SOLUTION.sub("", text))
    return ONLY_FULL.sub(r"\1", text)


def of_notebook(text, edition):
    """A notebook's JSON as this edition has it; a cell that only held a solution goes. No change, the same text."""
    notebook, kept = json.loads(text), []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            before = "".join(cell["source"])
            after = of_markdown(before, edition)
            if after != before:
                cell["source"] = after.strip("\n").splitlines(keepends=True)
        if cell["cell_type"] != "markdown" or cell["source"]:
            kept.append(cell)
    if kept == json.loads(text)["cells"]:
        return text
    return json.dumps(notebook | {"cells": kept}, ensure_ascii=False, indent=1) + "\n"


def of_source(path, text, edition):
    return (of_notebook if str(path).endswith(".ipynb") else of_markdown)(text, edition)


def check(app, config):
    if config.iolab_edition not in EDITIONS:
        raise ConfigError(f"The edition is {config.iolab_edition!r}, but there are only {' and '.join(EDITIONS)}.")
    if config.iolab_edition == STUDENT:
        config.html_title = f"{config.html_title}（学生版）"


def leave_out(app, docname, source):
    source[0] = of_source(app.env.doc2path(docname), source[0], app.config.iolab_edition)


def tell(app, pagename, templatename, context, doctree):
    """Let the first page say which edition it begins, and what that is called."""
    if pagename == app.config.root_doc:
        told = TOLD.format(app.config.iolab_edition, html.escape(app.config.html_title))
        context["metatags"] = context.get("metatags", "") + told


def refuse_what_is_left(app, doctree):
    left = next(doctree.findall(solution_node), None) if is_student(app) else None
    if left is not None:
        raise ExtensionError(f"{app.env.docname}: the student edition cannot leave out the solution in line "
                             f"{left.line}: write it as a ```{{solution}} of its own, not inside anything else.")


def leave_out_of_downloads(app, exception):
    folder = Path(app.outdir, "_sources")
    for path in sorted(folder.rglob("*")) if not exception and app.builder.format == "html" else ():
        if path.suffix in (".ipynb", ".md"):
            text = path.read_text(encoding="utf-8")
            if (kept := of_source(path, text, app.config.iolab_edition)) != text:
                path.write_text(kept, encoding="utf-8")


def setup(app):
    app.add_config_value("iolab_edition", os.environ.get(VARIABLE) or FULL, "env", types=(str,))
    app.connect("config-inited", check)
    app.connect("source-read", leave_out)
    app.connect("doctree-read", refuse_what_is_left)
    app.connect("html-page-context", tell)
    app.connect("build-finished", leave_out_of_downloads)
