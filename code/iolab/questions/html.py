"""A question as HTML that needs nothing: choices as a list, the answer folded. question.js makes buttons of them."""

import html
import re
from pathlib import Path

from iolab import words

MARK = '<section class="iolab-question'
START, STOP = "<!--iolab-question-->", "<!--/iolab-question-->"
ASSETS = re.compile(f"{START}.*?{STOP}", re.S)


def inline(text):
    """A line of text as HTML; what stands between backticks becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def to_html(question):
    """The question, and the script and styles that it needs where no page has them."""
    return bare(question) + assets_inline()


def bare(question):
    """The question alone. Of the folded answers the right one has class q-right."""
    head = "想一想" if question.recall else "先猜"
    number = " data-number" if question.otherwise else ""
    recall = " data-recall" if question.recall else ""
    listed = "".join(f"<li>{inline(choice)}</li>" for choice, _ in question.choices)
    listed = "" if number else f'<ol class="q-choices">{listed}</ol>'
    marks = {question.right: ' class="q-right"'}
    told = "".join(
        f"<dt{marks.get(choice, '')}>{inline(choice)}</dt><dd>{inline(said)}</dd>" for choice, said in question.choices
    )
    other = f'<p class="q-else">{inline(question.otherwise)}</p>' if number else ""
    return (
        f'{MARK}" data-name="{html.escape(question.name)}"{number}{recall}><p class="q-ask"><strong>{head}</strong> '
        f'{inline(question.ask)}</p>{listed}<details class="q-told"><summary>答案</summary><dl>{told}</dl>{other}'
        "</details></section>"
    )


def text(question):
    """The question and its answer as lines: what a terminal shows and nbval compares."""
    listed = [f"{number}. {choice}" for number, (choice, _) in enumerate(question.choices, 1)]
    return "\n".join([question.ask, *([] if question.otherwise else listed), f"答案：{question.right}。{question.why}"])


def assets():
    """{"question.css": text, "question.js": text}: once a page."""
    room = Path(__file__).parent
    return {name: words.handed_out(room / name) for name in ("question.css", "question.js")}


def assets_inline():
    found = assets()
    return f"{START}<style>{found['question.css']}</style><script>{found['question.js']}</script>{STOP}"


def without_assets(block):
    return ASSETS.sub("", block)


def renewed_html(block):
    """The same HTML with today's script in place of the one it was stored with."""
    return ASSETS.sub(lambda _: assets_inline(), block)
