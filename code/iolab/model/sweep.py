"""The same thing with other numbers: readers set the sliders, the steps follow."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from iolab.model.board import Board, viewed
from iolab.model.check import require, unique
from iolab.model.step import Code


@dataclass(frozen=True)
class Slider:
    """A number that readers set: its values in order, the unit behind them, the place of the first one shown."""

    label: str
    values: tuple
    unit: str = ""
    at: int = 0


@dataclass(frozen=True)
class Sweep:
    """A picture of steps that depend on its sliders. Raises SceneError if it contradicts itself.

    film(one value of each slider) is the rule: it gives the views, one a step. It is asked for every setting when the
    scene is made. legend: (colour, what it says in this picture). pace: milliseconds from step to step when it plays by
    itself, 0: as long as the sentences need.
    """

    name: str
    title: str
    board: Board
    sliders: tuple[Slider, ...]
    film: Callable
    legend: tuple[tuple[str, str], ...] = ()
    code: Code | None = None
    pace: int = 0
    films: dict = field(init=False, repr=False)     # (place of each slider's value) -> views
    steps: tuple = field(init=False, repr=False)    # the views of the first setting

    def __post_init__(self):
        unique(self, "sliders", [slider.label for slider in self.sliders])
        for slider in self.sliders:
            require(0 <= slider.at < len(slider.values), self, f"{slider!r} starts beside its values")
        places = itertools.product(*(range(len(slider.values)) for slider in self.sliders))
        films = {at: tuple(self.film(*self._values(at))) for at in places}
        object.__setattr__(self, "films", films)
        object.__setattr__(self, "steps", films[tuple(slider.at for slider in self.sliders)])
        for at, views in films.items():
            require(views, self, f"there are no steps for {self._values(at)}")
            viewed(self, views)

    def _values(self, at):
        return [slider.values[place] for slider, place in zip(self.sliders, at, strict=True)]
