"""Measurements of which every run is shown: those of some things side by side, or along a scale."""

from dataclasses import dataclass

from iolab.model.check import require, unique


@dataclass(frozen=True)
class Dots:
    """A still picture: a row for each thing, a mark for each run. Raises SceneError for what cannot be placed.

    rows: (label, (value in `unit`, …)) from top to bottom, their order is that of the runs; log: whether every tenfold
    takes the same space; notes: sentences below the picture.
    """

    name: str
    title: str
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    unit: str = "s"
    log: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        unique(self, "rows", [label for label, _ in self.rows])
        for label, values in self.rows:
            require(values, self, f"{label!r} has no run")
            _placed(self, label, values)
        require(any(any(values) for _, values in self.rows), self, "there is nothing longer than 0")


@dataclass(frozen=True)
class Curves:
    """A still picture: a line for each thing through the medians of its runs, and a mark for each run.

    rows: (label, ((x, value in `unit`), …)); an x that comes several times has several runs; along: what x counts;
    log: of the values, as in Dots; notes: sentences below the picture.
    """

    name: str
    title: str
    rows: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]
    along: str
    unit: str = "s"
    log: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        unique(self, "rows", [label for label, _ in self.rows])
        for label, points in self.rows:
            require(points, self, f"{label!r} has no run")
            _placed(self, label, [value for _, value in points])
        places = {x for _, points in self.rows for x, _ in points}
        require(len(places) > 1 and min(places) >= 0, self, "a curve needs two places, none of them below 0")
        require(any(value for _, points in self.rows for _, value in points), self, "there is nothing longer than 0")


def _placed(scene, label, values):
    for value in values:
        require(value >= 0, scene, f"{label!r} is {value}, less than 0")
        require(value or not scene.log, scene, f"{label!r} is 0, which has no place on a scale of tenfolds")
