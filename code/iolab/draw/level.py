"""The HTML of a level: its program and its answers as text, and the graph that walker.js walks in their place."""

import html
import re

from iolab.draw.html import WALKED, player
from iolab.explore import export, text

DATA = re.compile(rf'(?<={WALKED}" data-name=")(\w+)(".*?<div class="io-data" hidden>)'
                  r'<script type="application/json">(.*?)</script></div>', re.S)


def level_html(level):
    """A figure that can be read without scripts and walked with them. Needs nothing from outside itself."""
    return (f'<figure class="iolab-picture {WALKED}" data-name="{level.name}">'
            f"<figcaption>{html.escape(level.title)}</figcaption><p class=\"io-task\">{html.escape(level.task)}</p>"
            f'<div class="io-words">{"".join(map(_variant, level.variants))}</div>'
            f'<div class="io-data" hidden><script type="application/json">{export.encoded(level)}</script></div>'
            f"{player(walked=True)}</figure>")


def without_data(block):
    """(the HTML without the graphs of its levels, {"level-NAME.js": text}): for pages that load these scripts."""
    scripts = {}

    def take(match):
        scripts[f"level-{match[1]}.js"] = f'(window.iolabLevels||={{}})["{match[1]}"]={match[3]};'
        return f"{match[1]}{match[2]}</div>"

    return DATA.sub(take, block), scripts


def _variant(one):
    first, *rest = text.variant(one)
    steps = [line.partition(". ")[2] for line in rest[1:]]
    way = f"<p>{html.escape(rest[0])}</p><ol>{''.join(f'<li>{html.escape(step)}</li>' for step in steps)}</ol>" \
        if rest else ""
    code = html.escape("\n".join(one.system.code))
    return f"<p><strong>{html.escape(first)}</strong></p><pre>{code}</pre>{way}"
