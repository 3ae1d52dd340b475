"""One step of a timeline: what readers are told, what happens meanwhile, and the lines of code that do it."""

from dataclasses import dataclass


@dataclass(frozen=True, init=False)
class Step:
    """`Step(caption, *events, at=())`: a sentence for readers and the events in the order in which they happen.

    at: the numbers, from 1, of the lines of the picture's code that are at work.
    """

    caption: str
    events: tuple
    at: tuple[int, ...]

    def __init__(self, caption, *events, at=()):
        object.__setattr__(self, "caption", caption)
        object.__setattr__(self, "events", events)
        object.__setattr__(self, "at", (at,) if isinstance(at, int) else tuple(at))


@dataclass(frozen=True)
class Code:
    """The lines of program text that a picture lights, step by step.

    scripts: the files below code/ that have these lines in this order; none: the lines run as they stand.
    """

    text: str
    scripts: tuple[str, ...] = ()

    @property
    def lines(self):
        return tuple(self.text.strip("\n").split("\n"))

