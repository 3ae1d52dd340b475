"""A style sheet that several outputs of a page bring along, so that each also works alone, comes once in the HTML."""

import re

from docutils import nodes

STYLE = re.compile(r"<style>.*?</style>\n?", re.S)


def keep_once(app, doctree, docname):
    seen = set()
    for raw in [raw for raw in doctree.findall(nodes.raw) if "html" in raw.get("format", "")]:
        html = STYLE.sub(lambda match: "" if match[0] in seen else seen.add(match[0]) or match[0], raw.astext())
        if html != raw.astext():
            raw.replace_self(nodes.raw(html, html, format="html"))


def setup(app):
    app.connect("doctree-resolved", keep_once, priority=950)  # after the pictures have left their own styles
