"""One conversation over a socket, with a log of every call: the plain core of the message sender."""

from iolab.wire.conversation import Conversation
from iolab.wire.errors import WireError
from iolab.wire.framing import FRAMINGS, parse_hex
from iolab.wire.log import Entry, Log

__all__ = ["FRAMINGS", "Conversation", "Entry", "Log", "WireError", "parse_hex"]
