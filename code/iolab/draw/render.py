"""A plan becomes an SVG. matplotlib draws it; the same plan gives the same bytes on every run."""

import io
import math
import re

import matplotlib
from matplotlib.artist import Artist as MatplotlibArtist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text as MatplotlibText
from matplotlib.transforms import Affine2D

from iolab.draw.plan import Disc, Head, Line, Rect, Text
from iolab.draw.theme import FONT, LIGHT, variables

SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "iolab", "font.family": "sans-serif", "path.simplify": False}
ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def svg(plan):
    """The SVG of a plan as it is after its last frame, without XML prolog, ids or metadata."""
    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(plan.width / 72, plan.height / 72), dpi=72)
        figure.patch.set_visible(False)
        FigureCanvasSVG(figure)
        for order, artist in enumerate(plan.artists):
            figure.add_artist(_Group(artist, plan.height, order))
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _tidy(out.getvalue(), plan)


class _Group(MatplotlibArtist):
    """Draws the shapes of one artist straight to matplotlib's SVG renderer, inside one group."""

    def __init__(self, artist, height, order):
        super().__init__()
        self.artist, self.height = artist, height
        self.flip = Affine2D().scale(1, -1).translate(0, height)
        self.set_zorder(order)

    def draw(self, renderer):
        if self.artist.gid:
            renderer.open_group("g", gid="io:" + self.artist.gid)
        for shape in self.artist.shapes:
            self._draw(renderer, shape)
        if self.artist.gid:
            renderer.close_group("g")

    def _draw(self, renderer, shape):
        pen = renderer.new_gc()
        match shape:
            case Text():
                self._text(renderer, pen, shape)
                return
            case Rect():
                path, fill, stroke, thick = _rectangle(shape), shape.fill, shape.stroke, shape.thick
            case Disc():
                path = Path.circle((shape.x, shape.y), shape.radius)
                fill, stroke, thick = shape.fill, shape.stroke, 1
            case Line():
                codes = [Path.MOVETO, *[Path.CURVE3 if shape.bent else Path.LINETO] * (len(shape.points) - 1)]
                path, fill, stroke, thick = Path(shape.points, codes), None, shape.stroke, shape.thick
                if shape.dashed:
                    pen.set_dashes(0, [5, 4])
            case Head():
                path, fill, stroke, thick = _head(shape), shape.fill, None, 0
        pen.set_linewidth(thick if stroke else 0)
        if stroke:
            pen.set_foreground(LIGHT[stroke])
        renderer.draw_path(pen, path, self.flip, matplotlib.colors.to_rgb(LIGHT[fill]) if fill else None)

    def _text(self, renderer, pen, shape):
        pen.set_foreground(LIGHT[shape.colour])
        font = FontProperties(size=shape.size, weight=600 if shape.bold else 400)
        x, y = shape.x, self.height - shape.y
        anchor = MatplotlibText(x, y, shape.text, ha=ANCHORS[shape.anchor], rotation_mode="anchor")
        renderer.draw_text(pen, x, shape.y, shape.text, font, -shape.angle, mtext=anchor)


def _rectangle(shape):
    left, top, right, bottom = shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    r = min(shape.radius, shape.width / 2, shape.height / 2)
    if not r:
        return Path([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)],
                    [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY])
    corners = [((left, bottom), (left, top), (1, 0)), ((left, top), (right, top), (0, 1)),
               ((right, top), (right, bottom), (-1, 0)), ((right, bottom), (left, bottom), (0, -1))]
    points, codes = [(left, bottom - r)], [Path.MOVETO]
    for (x0, y0), (x, y), (dx, dy) in corners:
        ux, uy = (x > x0) - (x < x0), (y > y0) - (y < y0)
        points += [(x - ux * r, y - uy * r), (x, y), (x + dx * r, y + dy * r)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*points, points[0]], [*codes, Path.CLOSEPOLY])


def _head(shape, length=8, half=3.5):
    norm = math.hypot(shape.dx, shape.dy)
    ux, uy = shape.dx / norm, shape.dy / norm
    x, y = shape.x - ux * length, shape.y - uy * length
    tip, wings = (shape.x, shape.y), [(x - uy * half, y + ux * half), (x + uy * half, y - ux * half)]
    return Path([tip, *wings, tip], [Path.MOVETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY])


def _tidy(text, plan):
    hidden = plan.hidden()

    def group(match):
        gid = match[1]
        return f'<g data-gid="{gid}" display="none">' if gid in hidden else f'<g data-gid="{gid}">'

    body = text[text.index("<g id=\"figure_1\">"):text.rindex("</svg>")]
    body = re.sub(r"<defs>.*?</defs>|</?g[^>]*figure_1[^>]*>", "", body, flags=re.S)
    body = re.sub(r'<g id="io:([^"]*)">', group, body)
    body = re.sub(r"<[^>]*>", lambda match: _short(match[0]), body)
    body = re.sub(r"\n *(?=<)", "", body).strip().removesuffix("</g>")
    size = f'viewBox="0 0 {plan.width:g} {plan.height:g}"'
    paper = f'<rect data-gid="paper" width="{plan.width:g}" height="{plan.height:g}" style="fill:{LIGHT["paper"]}"/>'
    return variables(f'<svg xmlns="http://www.w3.org/2000/svg" {size} width="{plan.width:g}" height="{plan.height:g}" '
                     f'font-family="{FONT}">{paper}{body}</svg>')


def _short(tag):
    """A tag without what only costs bytes."""
    if tag.startswith("<g"):
        return tag
    tag = re.sub(r"font-family: [^;\"]*;? ?", "", tag)
    tag = re.sub(r' transform="rotate\(-?0 [^"]*\)"', "", tag)
    tag = re.sub(r"-?\d+\.\d+", lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), tag)
    tag = re.sub(r"\s+", " ", tag).replace(": ", ":").replace("; ", ";").replace("stroke-dashoffset:0;", "")
    return re.sub(r'([MLQz]) (?=[-\d"])|;(?=")| (?=[MLQz"/])', r"\1", tag)
