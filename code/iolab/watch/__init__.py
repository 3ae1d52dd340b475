"""Real processes and sockets, sampled from /proc while they go through their states."""

from iolab.watch.recorders import KINDS, record, recording, shipped
from iolab.watch.sampler import WatchError
from iolab.watch.trace import Lane, Span, Trace

__all__ = ["KINDS", "Lane", "Span", "Trace", "WatchError", "record", "recording", "shipped"]
