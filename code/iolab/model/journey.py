"""A packet on its way through stations and layers, gaining and losing headers."""

from dataclasses import dataclass

from iolab.model.check import known, require, unique
from iolab.model.layers import COLOURS


@dataclass(frozen=True)
class Part:
    """A header, a trailer or the message itself."""

    name: str
    title: str
    colour: str = "plain"


@dataclass(frozen=True)
class Stop:
    """The packet at one layer of one station: its parts from front to back once that layer has done its work."""

    caption: str
    station: str
    layer: str
    parts: tuple[str, ...]

    @property
    def events(self):
        return ()


@dataclass(frozen=True)
class Journey:
    """A picture of stops, one below the other, at the depth of their layer. Raises SceneError if it is wrong."""

    name: str
    title: str
    layers: tuple[str, ...]
    parts: tuple[Part, ...]
    steps: tuple[Stop, ...]

    def __post_init__(self):
        require(self.steps, self, "the timeline is empty: give it at least one Stop")
        unique(self, "layers", self.layers)
        names = [part.name for part in self.parts]
        unique(self, "parts", names)
        for part in self.parts:
            known(self, "colour", part.colour, COLOURS)
        before = None
        for number, stop in enumerate(self.steps, 1):
            require(stop.caption.strip(), self, f"step {number} has no caption")
            require(stop.parts, self, f"step {number} carries nothing")
            known(self, "layer", stop.layer, self.layers)
            unique(self, f"parts of step {number}", stop.parts)
            for name in stop.parts:
                known(self, "part", name, names)
            if before:
                self._reach(number, before, stop)
            before = stop

    def _reach(self, number, before, stop):
        depth, lowest = self.layers.index, len(self.layers) - 1
        if before.station == stop.station:
            require(abs(depth(before.layer) - depth(stop.layer)) <= 1, self,
                    f"step {number} skips a layer of {stop.station!r}: {before.layer!r} to {stop.layer!r}")
        else:
            require(depth(before.layer) == depth(stop.layer) == lowest, self,
                    f"step {number}: from {before.station!r} to {stop.station!r} only through {self.layers[-1]!r}")
