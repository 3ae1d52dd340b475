"""Questions in the HTML: one script a page instead of one each, and the page that asks all of them again.

All of them as data, for a teacher: questions.yml beside the pages.
"""

import json
import re
from pathlib import Path

import yaml
from docutils import nodes

from iolab import questions
from iolab.questions import html
from iolab.sphinxext.edition import is_student
from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.lists import add_list, home
from iolab.sphinxext.markup import page_link, parts

ASKED = PageFacts("questions")  # docname -> [name of a question, ...] in the order in which the page asks them
REVIEW, EXPORT = "question-review", "questions.yml"
NAME = re.compile(re.escape(html.MARK) + r'" data-name="([^"]*)"')


def asked(doctree):
    raws = (raw for raw in doctree.findall(nodes.raw) if "html" in raw.get("format", ""))
    return [raw for raw in raws if html.MARK in raw.astext()]


def find_questions(app, doctree):
    names = [name for raw in asked(doctree) for name in NAME.findall(raw.astext())]
    if names:
        ASKED.of(app.env)[app.env.docname] = list(dict.fromkeys(names))


def keep_bare(app, doctree, docname):
    for raw in asked(doctree):
        text = html.without_assets(raw.astext())
        raw.replace_self(nodes.raw(text, text, format="html"))


def add_assets(app, pagename, templatename, context, doctree):
    again = pagename == home(app.env, REVIEW)
    if doctree is None or not (again or asked(doctree)):
        return
    for name, text in html.assets().items():
        target = Path(app.outdir, "_static", name)
        write(target, text)
        if target.suffix == ".css":
            app.add_css_file(name)
        else:
            app.add_js_file(name, loading_method="defer")
    if again:
        app.add_js_file("review.js", loading_method="defer")


def review(app, docname):
    """Return the page that asks again as HTML; review.js brings the questions of a page when one of them is asked."""
    top = app.builder.get_relative_uri(docname, "").rpartition("/")[0] or "."
    sections = []
    for page in parts(app):
        if names := ASKED.of(app.env).get(page, ()):
            script = f"_static/again-{page.replace('/', '-')}.js"
            bodies = "".join(html.bare(questions.find(name, app.srcdir)) for name in names)
            data = json.dumps([page, bodies], ensure_ascii=False)
            write(Path(app.outdir, script), f"iolabAgain(...{data});\n")
            sections.append(
                f'<section data-page="{page}" data-names="{" ".join(names)}" data-from="{top}/{script}" hidden>'
                f"<h2>{page_link(app, docname, page)}</h2></section>")
    download = "" if is_student(app) else (
        f'<p><a href="{top}/{EXPORT}" download>下载全部题目（YAML）</a>，可以用在课堂测验里。</p>')
    return (
        '<noscript><p>没有 JavaScript 时，题在各自的页上。</p></noscript>'
        f'<p class="review-filter pst-js-only"><label>看 <select><option value="wrong">答错过的</option>'
        '<option value="open">还没有答的</option><option value="all">全部</option></select></label> <output></output> '
        '<button type="button" class="review-save">下载我的回答</button></p>'
        f'{download}'
        f'<div class="{REVIEW}">{"".join(sections)}</div>'
    )


def write(path, text):
    """Write a file of the built book where it is not there as it is."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def sources(env):
    return questions.files(env.srcdir).values()


def export(app, exception):
    if exception or app.builder.format != "html" or is_student(app):
        return
    found = {page: yaml.safe_load(path.read_text(encoding="utf-8"))
             for page, path in questions.files(app.srcdir).items()}
    if found:
        write(Path(app.outdir, EXPORT), yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=1000))


def setup(app):
    ASKED.connect(app)
    add_list(app, REVIEW, review, sources)
    app.connect("doctree-read", find_questions)
    app.connect("doctree-resolved", keep_bare, priority=900)
    app.connect("html-page-context", add_assets)
    app.connect("build-finished", export)
