"""Index of the teaching scripts beside the book, ``code/dayN/…``, and a copy of each in the HTML to download."""

import ast
import html
import re
import shutil
from pathlib import Path

from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.lists import add_list, home
from iolab.sphinxext.markup import page_link, parts

INDEX = "script-index"
FOLDER = "_scripts"  # in the built HTML
MENTIONS = PageFacts("script_mentions")  # docname -> {"day4/tcp_server.py", ...}
MENTION = re.compile(r"\bday\d+/[\w/]+\.py\b")


def scripts(env):
    """Return name -> path of all scripts in the order of days, their names as in ``day4/tcp_server.py``."""
    code = Path(env.srcdir).resolve().parent / "code"
    paths = (path for path in code.glob("day*/**/*.py") if "__pycache__" not in path.parts)
    return {str(path.relative_to(code)): path for path in sorted(paths, key=lambda path: in_order(path, code))}


def in_order(path, code):
    day, *rest = path.relative_to(code).parts
    return int(day.removeprefix("day")), rest


def told(path):
    """Return what a script's docstring says: its first line, and how to run it, "" if it does not say."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    command = re.search(r"^运行：\s*(.*)$", said, re.MULTILINE)
    return said.partition("\n")[0], command[1].strip() if command else ""


def find_mentions(app, doctree):
    text = Path(app.env.doc2path(app.env.docname)).read_text(encoding="utf-8")
    found = set(MENTION.findall(text))
    if found:
        MENTIONS.of(app.env)[app.env.docname] = found


def index(app, docname):
    """Return the index as HTML: a section for each day, and links to them."""
    pages = [page for page in parts(app) if page != docname]
    top = app.builder.get_relative_uri(docname, "").rpartition("/")[0] or "."
    days = {}
    for name, path in scripts(app.env).items():
        what, command = map(html.escape, told(path))
        shown = "、".join(page_link(app, docname, page) for page in pages if name in MENTIONS.of(app.env).get(page, ()))
        days.setdefault(name.partition("/")[0], []).append(
            f'<dt><a href="{top}/{FOLDER}/{name}" download>{name}</a></dt>'
            f"<dd>{what}{command and f'<code>{command}</code>'}{shown and f'<span>见：{shown}</span>'}</dd>"
        )
    label = {day: f"第 {day.removeprefix('day')} 天" for day in days}
    jumps = "、".join(f'<a href="#scripts-{day}">{label[day]}</a>' for day in days)
    return f'<p class="script-count">共 {sum(map(len, days.values()))} 个：{jumps}。</p>' + "".join(
        f'<section id="scripts-{day}"><h2>{label[day]}</h2><dl class="{INDEX}">{"".join(items)}</dl></section>'
        for day, items in days.items()
    )


def list_again(app, env, added, changed, removed):
    """Have the index read again when a script came or went."""
    page = home(env, INDEX)
    before, env.iolab_scripts = getattr(env, "iolab_scripts", None), list(scripts(env))
    return [page] if page and before != env.iolab_scripts else []


def copy_scripts(app, exception):
    if exception or app.builder.format != "html" or not home(app.env, INDEX):
        return
    folder, wanted = Path(app.outdir, FOLDER), scripts(app.env)
    for old in [path for path in folder.rglob("*.py") if str(path.relative_to(folder)) not in wanted]:
        old.unlink()
    for name, path in wanted.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def setup(app):
    MENTIONS.connect(app)
    add_list(app, INDEX, index, lambda env: scripts(env).values())
    app.connect("doctree-read", find_mentions)
    app.connect("env-get-outdated", list_again)
    app.connect("build-finished", copy_scripts)
