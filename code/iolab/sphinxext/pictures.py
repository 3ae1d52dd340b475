"""Pictures in the HTML: inline, so that they follow the theme, and with one player a page instead of one each. The
graph of a level and what a driven picture can come to show are files of their own.

A stored picture is an image with a player of its own, so that it also works in JupyterLab and without JavaScript.
"""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.util.logging import getLogger

from iolab import words

logger = getLogger(__name__)
MARK, WALKED = '<figure class="iolab-picture', 'class="iolab-picture iolab-explore"'


class Recorded(Directive):
    """``{recorded} NAME``: a recording of book/traces as its picture, on a page that is no notebook."""

    required_arguments = 1

    def run(self):
        from iolab import watch

        try:
            scene = watch.picture(words.said_anew(watch.shipped(self.arguments[0]), "watch"))
        except LookupError as error:
            logger.warning("%s", error, location=(self.state.document.current_source, self.lineno))
            return []
        self.state.document.settings.record_dependencies.add(str(watch.shipped_path(self.arguments[0])))
        return [nodes.raw("", draw().to_html(scene), format="html")]


def put_inline(app, doctree, docname):
    if app.builder.format != "html":
        return
    for raw in pictures(doctree):
        html, data = draw().without_data(draw().inline_html(raw.astext()))
        raw.replace_self(nodes.raw(html, html, format="html", data=data))


def add_player(app, pagename, templatename, context, doctree):
    if doctree is None or not pictures(doctree):
        return
    walked = any(WALKED in raw.astext() for raw in pictures(doctree))
    data = {name: text for raw in pictures(doctree) for name, text in raw.get("data", {}).items()}
    for name, text in (data | draw().player_assets(walked)).items():
        target = Path(app.outdir, "_static", name)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
        if target.suffix == ".css":
            app.add_css_file(name)
        else:
            app.add_js_file(name, loading_method="defer")
    app.add_js_file("projector.js", loading_method="defer")  # after the player, which has its own button


def pictures(doctree):
    return [raw for raw in doctree.findall(nodes.raw) if "html" in raw.get("format", "") and MARK in raw.astext()]


def draw():
    from iolab import draw  # it imports matplotlib, so only a book with pictures waits for it

    return draw


def setup(app):
    app.add_directive("recorded", Recorded)
    app.connect("doctree-resolved", put_inline, priority=900)  # after myst-nb has chosen each output's form
    app.connect("html-page-context", add_player)
