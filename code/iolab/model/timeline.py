"""What was in which state from when to when: recorded traces."""

from dataclasses import dataclass

from iolab.model.check import require, unique


@dataclass(frozen=True)
class Timeline:
    """A still picture of lanes. Raises SceneError if the intervals of a lane overlap or run backwards.

    lanes: (label, ((start in s, end in s, state), …)) from top to bottom; gaps are allowed.
    notes: sentences below the picture.
    """

    name: str
    title: str
    lanes: tuple[tuple[str, tuple[tuple[float, float, str], ...]], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        require(self.lanes, self, "there are no lanes")
        unique(self, "lanes", [label for label, _ in self.lanes])
        require(any(intervals for _, intervals in self.lanes), self, "no lane has an interval")
        for label, intervals in self.lanes:
            last = 0
            for start, end, state in intervals:
                require(state.strip(), self, f"lane {label!r}: the interval at {start} s has no state")
                require(start < end, self, f"lane {label!r}: {state!r} starts at {start} s and ends at {end} s")
                require(start >= last, self, f"lane {label!r}: {state!r} starts at {start} s, before {last} s")
                last = end
