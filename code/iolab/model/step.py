"""One step of a timeline: what readers are told, and what happens meanwhile."""

from dataclasses import dataclass


@dataclass(frozen=True, init=False)
class Step:
    """`Step(caption, *events)`: a sentence for readers and the events in the order in which they happen."""

    caption: str
    events: tuple

    def __init__(self, caption, *events):
        object.__setattr__(self, "caption", caption)
        object.__setattr__(self, "events", events)
