"""What a layout hands to the renderer: shapes in picture units (y downwards), grouped into artists, and frames.

One picture unit is one user unit of the SVG, so the player moves things in the same coordinates.
"""

from dataclasses import dataclass, field

WIDTH = 330                 # a phone of 360 px leaves it about 300: letters stay near 10 px


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    fill: str = "box"
    stroke: str | None = "line"
    radius: float = 0
    thick: float = 1


@dataclass(frozen=True)
class Disc:
    x: float
    y: float
    radius: float
    fill: str
    stroke: str = "paper"


@dataclass(frozen=True)
class Line:
    """A polyline, or with `bent` a quadratic Bézier curve: start, control point, end."""

    points: tuple[tuple[float, float], ...]
    stroke: str = "line"
    thick: float = 1
    dashed: bool = False
    bent: bool = False


@dataclass(frozen=True)
class Head:
    """The head of an arrow whose tip is at (x, y), pointing along the vector (dx, dy)."""

    x: float
    y: float
    dx: float
    dy: float
    fill: str


@dataclass(frozen=True)
class Text:
    """A line of text whose baseline is at y; `angle` in degrees, clockwise."""

    x: float
    y: float
    text: str
    size: float = 12
    colour: str = "ink"
    anchor: str = "middle"
    bold: bool = False
    angle: float = 0


@dataclass(frozen=True)
class Artist:
    """Shapes that appear, vanish and move together. Without a gid they are always there."""

    shapes: tuple
    gid: str = ""


@dataclass(frozen=True)
class Frame:
    """What a step changes, by gid. `fly` names arrows that something travels along, `late` what waits for its arrival,
    `at` the lines of code that are lit.

    moves: (gid of the mover, gid of the arrow it follows or "", x, y it arrives at).
    """

    caption: str
    show: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    fly: tuple[str, ...] = ()
    moves: tuple[tuple[str, str, float, float], ...] = ()
    hot: tuple[str, ...] = ()
    at: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A whole picture. Artists stand where they are after the last frame, `home` is where movers are before the first.

    drive: what readers may do by hand, {"token": gid, "at": node, "nodes": {node: (x, y)}, "titles": {node: text},
    "edges": [(gid, from, to, text)]}. board: what the player needs of a Machine or a Sweep, see draw.board.
    """

    title: str
    height: float
    artists: tuple[Artist, ...]
    frames: tuple[Frame, ...] = ()
    home: dict = field(default_factory=dict)
    drive: dict | None = None
    board: dict | None = None
    width: float = WIDTH

    def hidden(self):
        """The gids that are not to be seen after the last frame."""
        hidden = set()
        for frame in self.frames:
            hidden = (hidden | set(frame.hide)) - set(frame.show + frame.late)
        return hidden
