"""Measured numbers side by side."""

from dataclasses import dataclass

from iolab.model.check import require, unique


@dataclass(frozen=True)
class Bars:
    """A still picture of horizontal bars. Raises SceneError if a number is negative or nothing is there.

    groups: (label, ((bar, value in `unit`), …)) from top to bottom; notes: sentences below the picture.
    """

    name: str
    title: str
    groups: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    unit: str = "s"
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        unique(self, "groups", [label for label, _ in self.groups])
        values = [value for _, bars in self.groups for _, value in bars]
        require(any(values), self, "there is no bar longer than 0")
        for label, bars in self.groups:
            unique(self, f"bars of {label!r}", [bar for bar, _ in bars])
            for bar, value in bars:
                require(value >= 0, self, f"{label!r}: {bar!r} is {value}, a bar cannot be shorter than 0")
