"""Boxes stacked in columns, and what corresponds to what across them: layer models, maps of who reaches whom."""

from dataclasses import dataclass

from iolab.model.check import known, require, unique

COLOURS = ("plain", "blue", "green", "amber", "violet", "red")


@dataclass(frozen=True)
class Box:
    """A layer. `detail` is small print below its title; `rows` says how many rows it spans."""

    name: str
    title: str
    detail: str = ""
    rows: float = 1
    colour: str = "plain"


@dataclass(frozen=True)
class Column:
    """Boxes from top to bottom; `width` is relative to the other columns."""

    title: str
    boxes: tuple[Box, ...]
    width: float = 1


@dataclass(frozen=True)
class Link:
    """A line from the box `left` to the box `right` in the next column."""

    left: str
    right: str


@dataclass(frozen=True)
class Layers:
    """A still picture of columns of boxes. `row` is the height of a row in picture units.

    Raises SceneError if it contradicts itself.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    row: float = 44

    def __post_init__(self):
        require(self.columns and all(column.boxes for column in self.columns), self, "a column has no boxes")
        place = {}
        unique(self, "boxes", [box.name for column in self.columns for box in column.boxes])
        for index, column in enumerate(self.columns):
            for box in column.boxes:
                require(box.rows > 0, self, f"{box!r} spans no rows")
                known(self, "colour", box.colour, COLOURS)
                place[box.name] = index
        unique(self, "links", self.links)
        for link in self.links:
            for end in (link.left, link.right):
                known(self, "box", end, place)
            require(place[link.right] == place[link.left] + 1, self,
                    f"{link!r} does not go from a column to the next")
