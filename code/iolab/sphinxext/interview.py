"""Interview questions: a page marks one by a target ``(iv-<id>)=`` before it; a list leads to them all."""

from docutils import nodes

from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.lists import add_list
from iolab.sphinxext.markup import inline, page_title, parts, url

QUESTIONS = PageFacts("interview")  # docname -> [(anchor, question), ...]
MARK = "iv-"


def find_questions(app, doctree):
    found = []
    for target in doctree.findall(nodes.target):
        if target.get("refid", "").startswith(MARK):
            question = target.next_node(lambda node: isinstance(node, nodes.title | nodes.paragraph), ascend=True)
            if question:
                found.append((target["refid"], question.astext()))
    if found:
        QUESTIONS.of(app.env)[app.env.docname] = found


def index(app, docname):
    """Return the questions in the book's order as HTML."""
    items = [
        f'<li><a href="{url(app, docname, page, anchor)}">{inline(question)}</a>（{page_title(app, page)}）</li>'
        for page in parts(app)
        for anchor, question in QUESTIONS.of(app.env).get(page, ())
    ]
    return f'<ol class="interview-index">{"".join(items)}</ol>'


def setup(app):
    QUESTIONS.connect(app)
    add_list(app, "interview-index", index)
    app.connect("doctree-read", find_questions)
