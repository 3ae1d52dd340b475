"""The HTML of a level: its program and its answers as text, and the graph that walker.js walks in their place."""

import html

from iolab.draw.html import WALKED, player
from iolab.explore import export, text


def level_html(level):
    """A figure that can be read without scripts and walked with them. Needs nothing from outside itself."""
    return (f'<figure class="iolab-picture {WALKED}" data-name="{level.name}">'
            f"<figcaption>{html.escape(level.title)}</figcaption><p class=\"io-task\">{html.escape(level.task)}</p>"
            f'<div class="io-words">{"".join(map(_variant, level.variants))}</div>'
            f'<div class="io-data" hidden><script type="application/json">{export.encoded(level)}</script></div>'
            f"{player(walked=True)}</figure>")


def _variant(one):
    first, *rest = text.variant(one)
    steps = [line.partition(". ")[2] for line in rest[1:]]
    way = f"<p>{html.escape(rest[0])}</p><ol>{''.join(f'<li>{html.escape(step)}</li>' for step in steps)}</ol>" \
        if rest else ""
    code = html.escape("\n".join(one.system.code))
    return f"<p><strong>{html.escape(first)}</strong></p><pre>{code}</pre>{way}"
