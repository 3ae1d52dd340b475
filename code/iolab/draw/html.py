"""The HTML of a scene: a still image and its steps as text, and between two marks the player that moves it."""

import html
import json
import re
from pathlib import Path
from urllib.parse import quote, unquote

from iolab import words
from iolab.draw import text
from iolab.draw.layout import plan
from iolab.draw.legend import legend
from iolab.draw.listing import lines
from iolab.draw.render import svg
from iolab.model import Bars, Curves, Dots, Table, Timeline

START, STOP = "<!--iolab-player-->", "<!--/iolab-player-->"
CODE = '<pre class="io-code">'
WALKED = "iolab-explore"  # the class of a figure that the walker moves
PLAYER = re.compile(f"{START}.*?{STOP}", re.S)
DATA = "data:image/svg+xml;charset=utf-8,"
READABLE = " !$'()*+,-./:;=?@[]^_`{|}~"


def to_html(scene):
    """A figure that can be read without scripts. Needs nothing from outside itself."""
    return _table(scene) if isinstance(scene, Table) else _picture(scene)


def player_assets(walked=False):
    """{"player.js": text, "player.css": text}: once a page, for all its pictures; walked: the walker of levels too."""
    room = Path(__file__).parent
    names = ("player.js", "player.css") + (("walker.js", "walker.css") if walked else ())
    return {name: words.handed_out(room / name) for name in names}


def renewed_html(block):
    """The same HTML with today's player in place of the one it was stored with."""
    return PLAYER.sub(lambda _: player(walked=WALKED in block), block)


def inline_html(block):
    """The same HTML for a page that loads the player itself: without the player, with the SVG in place of the image.

    HTML without a picture comes back unchanged.
    """
    block = PLAYER.sub("", block).replace(CODE, CODE.replace(">", ' tabindex="0">'))  # keys scroll long lines
    return re.sub(rf'<img class="io-still" alt="([^"]*)" src="{re.escape(DATA)}([^"]*)">', _inline, block)


def _inline(match):
    return unquote(match[2]).replace("<svg ", f'<svg role="img" aria-label="{match[1]}" ', 1)


def _picture(scene):
    drawn = plan(scene)
    title = html.escape(scene.title)
    image = svg(drawn)
    still = DATA + quote(image, safe=READABLE + "".join(sorted({char for char in image if not char.isascii()})))
    told, notes = lines(scene), scene.notes if isinstance(scene, (Bars, Curves, Dots, Timeline)) else ()
    listing = _list("ol" if drawn.frames else "ul", [_unnumbered(line) for line in told[:len(told) - len(notes)]])
    listing += _list('ul class="io-notes"', notes) if notes else ""
    return (f'<figure class="iolab-picture" data-name="{scene.name}"><figcaption>{title}</figcaption>'
            f'<img class="io-still" alt="{title}" src="{still}">{_code(scene)}{_legend(scene)}{listing}'
            f'<script type="application/json">{_json(drawn)}</script>'
            f"{player()}</figure>")


def player(walked=False):
    """The player, and for levels the walker, as a stored picture carries them."""
    assets = player_assets(walked).items()
    style = "".join(text for name, text in assets if name.endswith(".css"))
    scripts = "".join(f"<script>{text}</script>" for name, text in assets if name.endswith(".js"))
    return f"{START}<style>{style}</style>{scripts}{STOP}"


def _list(tag, lines):
    return f"<{tag}>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + f"</{tag.partition(' ')[0]}>"


def _code(scene):
    """The lines of code that the picture lights, a span each."""
    code = getattr(scene, "code", None)
    spans = [f"<span>{html.escape(line)}\n</span>" for line in code.lines] if code else []
    return f"{CODE}{''.join(spans)}</pre>" if spans else ""


def _legend(scene):
    keys = [f'<span class="io-{colour}">{html.escape(words)}</span>' for colour, words in legend(scene)]
    return f'<p class="io-legend">{"".join(keys)}</p>' if keys else ""


def _unnumbered(line):
    return re.sub(r"^\d+\. ", "", line)


def _json(drawn):
    data = {"board": drawn.board} if drawn.board else {"steps": [_frame(frame) for frame in drawn.frames]}
    if drawn.home:
        data["home"] = drawn.home
    if drawn.drive:
        data["drive"] = drawn.drive
    encoded = json.dumps(_rounded(data), ensure_ascii=False, separators=(",", ":"))
    return encoded.replace("<", "\\u003c")


def _frame(frame):
    keys = ("show", "hide", "late", "fly", "moves", "hot", "at")
    return {key: getattr(frame, key) for key in keys if getattr(frame, key)}


def _rounded(value):
    match value:
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
        case float():
            return round(value, 1)
        case _:
            return value


def _table(scene):
    def row(cells, tag):
        return "<tr>" + "".join(_cell(tag, cell, number in scene.code and tag == "td")
                                for number, cell in enumerate(cells)) + "</tr>"

    notes = "".join(f"<p>{html.escape(note)}</p>" for note in scene.notes)
    wide = sum(max(text.extent(cell, 1)[0] for cell in column) for column in zip(*scene.rows, strict=True)) > 45
    kind = "io-table io-long" if wide else "io-table"    # a phone shows long rows as paragraphs
    return (f'<figure class="iolab-picture {kind}" data-name="{scene.name}"><table class="table">'
            f"<caption>{html.escape(scene.title)}</caption><thead>{row(scene.header, 'th')}</thead>"
            f"<tbody>{''.join(row(cells, 'td') for cells in scene.rows)}</tbody></table>{notes}</figure>")


def _cell(tag, words, code):
    words = html.escape(words).replace("\n", "<br>")
    scope = ' scope="col"' if tag == "th" else ""
    return f"<{tag}{scope}>{f'<code>{words}</code>' if code and words else words}</{tag}>"
