"""Who sends what to whom, and when: actors on lifelines, time running downwards."""

from dataclasses import dataclass

from iolab.model.check import known, require, timeline, unique
from iolab.model.step import Code


@dataclass(frozen=True)
class Actor:
    """A lifeline. Its title may have two lines. One that a `Begin` event starts has no head at the top."""

    name: str
    title: str


@dataclass(frozen=True)
class State:
    """The actor is in this state from now on."""

    actor: str
    text: str


@dataclass(frozen=True)
class Call:
    """The actor calls a function, or does something that a few words name."""

    actor: str
    text: str


@dataclass(frozen=True)
class Message:
    """Leaves the source now, arrives at the target a little later; a lost one never arrives."""

    source: str
    target: str
    label: str
    lost: bool = False


@dataclass(frozen=True)
class Block:
    """From now on the actor waits."""

    actor: str


@dataclass(frozen=True)
class Wake:
    """The actor, which waits, goes on."""

    actor: str


@dataclass(frozen=True)
class Enter:
    """The actor enters a stretch of which the picture makes a bar: it works, it holds a lock."""

    actor: str


@dataclass(frozen=True)
class Leave:
    """The actor leaves the stretch it is in."""

    actor: str


@dataclass(frozen=True)
class Begin:
    """The actor comes into being."""

    actor: str


@dataclass(frozen=True)
class End:
    """The actor ceases to be."""

    actor: str


@dataclass(frozen=True)
class Note:
    """A remark beside the lifelines of these actors."""

    actors: tuple[str, ...]
    text: str


EVENTS = (State, Call, Message, Block, Wake, Enter, Leave, Begin, End, Note)


@dataclass(frozen=True)
class Sequence:
    """A picture of actors, messages and states. Raises SceneError if it contradicts itself."""

    name: str
    title: str
    actors: tuple[Actor, ...]
    steps: tuple
    code: Code | None = None

    def __post_init__(self):
        require(self.actors, self, "there are no actors")
        names = [actor.name for actor in self.actors]
        unique(self, "actors", names)
        timeline(self, self.steps, EVENTS)
        self._live(names)

    def _live(self, names):
        events = [event for step in self.steps for event in step.events]
        absent = {event.actor for event in events if isinstance(event, Begin)}
        ended, bars = set(), {}
        for event in events:
            for name in who(event):
                known(self, "actor", name, names)
                begins = isinstance(event, Begin)
                require(begins or name not in absent, self, f"{event!r} happens before {name!r} begins")
                require(name not in ended, self, f"{event!r} happens after {name!r} has ended")
            match event:
                case Message():
                    require(event.source != event.target, self, f"{event!r} goes to its own sender")
                case Note():
                    require(event.actors, self, f"{event!r} stands beside no actor")
                case Begin():
                    require(event.actor in absent, self, f"{event.actor!r} begins twice")
                    absent.discard(event.actor)
                case End():
                    require(event.actor not in bars, self, f"{event.actor!r} ends inside {bars.get(event.actor)!r}")
                    ended.add(event.actor)
                case Block() | Enter():
                    require(event.actor not in bars, self, f"{event!r} while {bars.get(event.actor)!r} lasts")
                    bars[event.actor] = event
                case Wake() | Leave():
                    opens = Block if isinstance(event, Wake) else Enter
                    require(isinstance(bars.pop(event.actor, None), opens), self,
                            f"{event!r} without a {opens.__name__} before it")


def who(event):
    """The names of the actors that an event speaks of."""
    match event:
        case Message():
            return event.source, event.target
        case Note():
            return event.actors
        case _:
            return (event.actor,)
