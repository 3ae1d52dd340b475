"""A recording: which state each process or socket was in, when, and why."""

import json
import platform
from dataclasses import asdict, dataclass

from iolab.model import Timeline


@dataclass(frozen=True)
class Span:
    """From `start` to `end` (seconds since the recording began) the kernel named `state`; `cause`: what made it so."""

    start: float
    end: float
    state: str
    cause: str


@dataclass(frozen=True)
class Lane:
    """One process or socket and its spans in the order of time. After the last span it was gone from /proc."""

    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Trace:
    """A recording, with all that is needed to make it again.

    kind: which recorder; title: for readers; kernel, python: versions; command: prints this recording as JSON.
    """

    kind: str
    title: str
    kernel: str
    python: str
    command: str
    lanes: tuple[Lane, ...]

    @classmethod
    def made_here(cls, kind, title, lanes):
        """The Trace of a recording that was made just now on this machine."""
        kernel = f"{platform.system()} {platform.release().split('-')[0]}"
        command = f"python -m iolab.watch {kind} > book/traces/{kind}.json"
        return cls(kind, title, kernel, platform.python_version(), command, tuple(lanes))

    @property
    def order(self):
        """Label -> the states in the order in which they came: equal for every recording of a kind."""
        return {lane.label: [span.state for span in lane.spans] for lane in self.lanes}

    def to_json(self):
        """This recording as text, one line a span."""
        head = {name: value for name, value in asdict(self).items() if name != "lanes"}
        lanes = ",\n".join(
            f'  {{"label": {_text(lane.label)}, "spans": [\n'
            + ",\n".join(f"   {_text(asdict(span))}" for span in lane.spans) + "\n  ]}" for lane in self.lanes)
        return _text(head, indent=1)[:-2] + ',\n "lanes": [\n' + lanes + "\n ]\n}\n"

    @classmethod
    def from_json(cls, text):
        """The Trace that to_json() wrote. Raises ValueError, KeyError or TypeError for another text."""
        found = json.loads(text)
        lanes = tuple(Lane(one["label"], tuple(Span(**span) for span in one["spans"])) for one in found.pop("lanes"))
        return cls(lanes=lanes, **found)

    def to_timeline(self):
        """This recording as a picture; its notes tell each span's cause, kernel and Python version."""
        notes = [f"{self.kernel}，Python {self.python}"]
        for lane in self.lanes:
            notes += [f"{lane.label} {span.start:.2f} 秒起 {span.state}：{span.cause}" for span in lane.spans]
        lanes = tuple((lane.label, tuple((span.start, span.end, span.state) for span in lane.spans))
                      for lane in self.lanes)
        return Timeline(self.kind, self.title, lanes, tuple(notes))


def _text(value, indent=None):
    return json.dumps(value, ensure_ascii=False, indent=indent)
