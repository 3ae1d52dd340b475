"""Real processes and sockets, sampled from /proc while they go through their states."""

from iolab.watch.recorders import KINDS, picture, record, recording, shipped, shipped_path
from iolab.watch.sampler import WatchError
from iolab.watch.trace import Lane, Span, Trace

__all__ = ["KINDS", "Lane", "Span", "Trace", "WatchError", "picture", "record", "recording", "shipped", "shipped_path"]
