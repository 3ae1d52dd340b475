"""Boxes that keep their places while what is in them changes: the ground on which readers try things out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from iolab.model.check import known, require, unique

TONES = ("plain", "blue", "green", "amber", "violet", "red")


@dataclass(frozen=True)
class Cell:
    """A box whose upper left corner is at (x, y), in picture units; `size` is that of its letters.

    A view that does not name it shows it empty or, with `comes`, not at all.
    """

    name: str
    x: float
    y: float
    width: float
    height: float
    size: float = 11
    comes: bool = False


@dataclass(frozen=True)
class Label:
    """Words whose middle is at (x, y) and that never change; `anchor` as in SVG."""

    x: float
    y: float
    text: str
    size: float = 11.5
    anchor: str = "middle"
    bold: bool = False


@dataclass(frozen=True)
class Way:
    """An arrow along these points, on which something travels when a view names it."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Board:
    """Cells, labels and ways; `height` in picture units. Raises SceneError, in its scene, if two have one name."""

    height: float
    cells: tuple[Cell, ...]
    labels: tuple[Label, ...] = ()
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class View:
    """One moment: what is said, what the cells hold (name -> text, or (text, colour)), and which ways are in use.

    at: the numbers of the lines of code that are at work.
    """

    caption: str
    cells: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)
    ways: tuple[str, ...] = ()
    at: tuple[int, ...] = ()

    @property
    def events(self):
        """What is there to be seen, as other scenes have what happens."""
        return tuple(self.held.items()) + self.ways

    @property
    def held(self):
        """name -> (text, colour)."""
        return {name: (what, "plain") if isinstance(what, str) else tuple(what) for name, what in self.cells.items()}


def viewed(scene, views):
    """Refuse views that name what the scene's board does not have, or say nothing."""
    cells, ways = [cell.name for cell in scene.board.cells], [way.name for way in scene.board.ways]
    unique(scene, "cells or ways", cells + ways)
    last = len(scene.code.lines) if scene.code else 0
    for view in views:
        require(view.caption.strip(), scene, f"a view has no caption: {view!r}")
        for name, (_, colour) in view.held.items():
            known(scene, "cell", name, cells)
            known(scene, "colour", colour, TONES)
        for name in view.ways:
            known(scene, "way", name, ways)
        for line in view.at:
            require(1 <= line <= last, scene, f"{view.caption!r} lights line {line}, the code has {last}")
