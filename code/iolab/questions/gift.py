"""Questions and exercises in GIFT, the text format that Moodle imports: docs.moodle.org/en/GIFT_format.

Texts are HTML ([html]), so that code stays code. Moodle ends a question at a blank line: the line breaks of
code are written \\n. What GIFT itself uses (~ = # { } :) has a backslash before it.
"""

import re

from iolab.questions.html import inline

CATEGORY = "$course$/top/IO 并发编程"
OWN = re.compile(r"[~=#{}:]")
PREDICT, RECALL, EXERCISE = "先猜", "想一想", "练习"


def questions(asked):
    """The text of a GIFT file of export.Asked: a category for each page."""
    return document(asked, lambda one: one.page, question)


def exercises(tasks, solutions=True):
    """The text of a GIFT file of export.Exercise, each an essay. solutions: as general feedback, or not at all."""
    return document(tasks, lambda one: one.page, lambda one: exercise(one, solutions))


def document(items, page_of, write):
    blocks, page = [], None
    for one in items:
        if page_of(one) != page:
            page = page_of(one)
            blocks.append(f"$CATEGORY: {CATEGORY}/{path_part(page.part)}/{path_part(page.title)}")
        blocks.append(write(one))
    return "\n\n".join(blocks) + "\n"


def question(one):
    what, kind = one.question, RECALL if one.question.recall else PREDICT
    stem = f"<p>{inline(what.ask)}</p>" + (code(one.code) if one.code else "")
    answers = numbers(what) if what.otherwise else choices(what)
    return head(what.name, stem, kind) + "{\n" + "\n".join(answers) + f"\n####{text(read_on(one.page))}\n}}"


def choices(what):
    for choice, said in what.choices:
        sign = "=" if choice == what.right else "~"
        yield f"{sign}{answer(inline(choice))}#{text(inline(said))}"


def numbers(what):
    """A number to be typed: the right one, the wrong ones that have a word of their own, and any other."""
    said = dict(what.choices)
    yield f"#={what.right}:0#{text(inline(said[what.right]))}"
    for choice in what.wrong:
        yield f"=%0%{choice}:0#{text(inline(said[choice]))}"
    yield f"~#{text(inline(what.otherwise))}"


def exercise(one, solutions):
    stem = f"<p><strong>{one.grade} {inline(one.title)}</strong></p>{markdown(one.text)}"
    stem += code(one.stub) if one.stub else ""
    told = f"####{text(markdown(one.solution))}" if solutions else ""
    return head(one.label, stem, EXERCISE, one.grade) + "{" + told + "}"


def head(name, stem, *tags):
    marks = "".join(f" [tag:{tag}]" for tag in tags)
    return f"// [id:{name}]{marks}\n::{text(name)}::[html]{text(stem)}"


def read_on(page):
    return f"<p>读：《{inline(page.title)}》</p>"


def code(source):
    return f"<pre><code>{escape(source)}</code></pre>"


def escape(source):
    return source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markdown(source):
    """Markdown as HTML. Links lose their targets: they lead to pages that are elsewhere."""
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(source)
    return re.sub(r"</?a\b[^>]*>", "", html).strip()


def text(html):
    """HTML as GIFT has it. A backslash becomes an entity: what one before another letter means is not told alike."""
    html = html.replace("\r", "").replace("\\", "&#92;")
    return OWN.sub(lambda found: "\\" + found[0], html).replace("\n", "\\n")


def answer(html):
    """A choice: one that begins with % or [ would be a weight or a format."""
    return text({"%": "&#37;", "[": "&#91;"}[html[0]] + html[1:] if html[:1] in "%[" and html else html)


def path_part(title):
    """A part of a category's path, in which a slash is doubled."""
    return title.replace("`", "").replace("/", "//")
