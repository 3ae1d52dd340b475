"""The recordings there are: make one here, or load the one that ships with the book."""

import json
import sys
from pathlib import Path

from iolab.watch import process_states, tcp_states, twelve_clients
from iolab.watch.sampler import WatchError
from iolab.watch.trace import Trace

KINDS = {"process_states": process_states.record, "tcp_states": tcp_states.record,
         "twelve_clients": twelve_clients.record}
PICTURES = {"twelve_clients": twelve_clients.picture}      # the others are drawn as timelines
SHIPPED = Path(__file__).parents[3] / "book" / "traces"


def record(kind):
    """Record `kind` on this machine and return the Trace.

    Raises LookupError for an unknown kind, WatchError when this is no Linux or the kernel does not show a state.
    """
    recorder = KINDS[_known(kind)]
    if sys.platform != "linux":
        raise WatchError(f"这里是 {sys.platform}，没有 /proc，录不了。请在 Linux 上运行；书里的记录照样能看。")
    return recorder()


def shipped(kind):
    """The Trace of `kind` in book/traces. Raises LookupError for an unknown kind."""
    return Trace.from_json(shipped_path(kind).read_text(encoding="utf-8"))


def shipped_path(kind):
    """Where the Trace of `kind` lies. Raises LookupError for an unknown kind."""
    return SHIPPED / f"{_known(kind)}.json"


def picture(trace):
    """The scene of a Trace as the book draws its kind: a picture that moves, or a Timeline."""
    return PICTURES.get(trace.kind, Trace.to_timeline)(trace)


def recording(name):
    """What book/traces/<name>.json holds, as JSON has it, wherever the caller's working folder is.

    Raises LookupError, with the names there are, for an unknown one.
    """
    path = SHIPPED / f"{name}.json"
    if not path.exists():
        known = "、".join(sorted(file.stem for file in SHIPPED.glob("*.json")))
        raise LookupError(f"没有叫 {name} 的记录，有：{known}。")
    return json.loads(path.read_text(encoding="utf-8"))


def _known(kind):
    if kind not in KINDS:
        raise LookupError(f"没有叫 {kind} 的记录，有：{'、'.join(KINDS)}。")
    return kind
