"""The log of a conversation: one entry a call, bounded, safe between threads."""

import threading
import time
from collections import deque
from dataclasses import dataclass

SENT, RECEIVED, EVENT, PRINTED = "→", "←", "·", "|"


@dataclass(frozen=True, slots=True)
class Entry:
    """One call, one event, or one line that the server printed.

    at: time.monotonic(); seconds: since its connection was begun, 0 before the first; turn: which order of the user it
    belongs to; direction: SENT, RECEIVED, EVENT or PRINTED; data: the bytes; note: the sentence of an event or the
    printed line; round_trip_ms: milliseconds since the first unanswered send, at the first receive after it.
    """

    at: float
    seconds: float
    turn: int
    direction: str
    data: bytes = b""
    note: str = ""
    round_trip_ms: float | None = None

    @property
    def size(self):
        """Number of bytes."""
        return len(self.data)

    @property
    def text(self):
        """The bytes as text, None when they are not UTF-8 (a piece may end in the middle of a character)."""
        return decode(self.data)

    @property
    def hex(self):
        """The bytes as pairs of hex digits."""
        return self.data.hex(" ")


def decode(data):
    """`data` as UTF-8 text, None when it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


class Log:
    """Keeps the newest `keep_lines` entries and at most `keep_bytes` of data in them, and counts the rest.

    dropped, dropped_bytes: how many entries, and bytes in them, are no longer kept. sent, received: bytes of
    all time. answer_size: bytes received since the last order of the user; answer: the newest of them. since: the
    time.monotonic() from which on entries are kept. `changed` is notified, and on_change() called, after every change.
    """

    def __init__(self, keep_lines=500, keep_bytes=1_000_000):
        if keep_lines < 1 or keep_bytes < 1:
            raise ValueError(f"keep_lines={keep_lines}, keep_bytes={keep_bytes}: both must be at least 1")
        self.keep_lines, self.keep_bytes = keep_lines, keep_bytes
        self.changed = threading.Condition(threading.RLock())
        self.turn, self.on_change = 0, None
        self._begins = deque(maxlen=keep_lines)
        self.sent = self.received = 0
        self.answer, self.answer_size = bytearray(), 0
        self._asked = None
        self.clear()

    def clear(self):
        """Forget the entries; what crosses the wire from now on is logged as before."""
        with self.changed:
            self._entries, self._bytes = deque(), 0
            self.dropped = self.dropped_bytes = 0
            self.since = time.monotonic()
            self.touch()

    def touch(self):
        """Tell everybody who waits for a change."""
        with self.changed:
            self.changed.notify_all()
            if self.on_change:
                self.on_change()

    def begin(self):
        """Count seconds from now on: a connection is being made."""
        with self.changed:
            self._asked = None
            self._begins.append(time.monotonic())

    def seconds(self, at):
        """Seconds from the begin of the connection of the moment `at` (time.monotonic()); 0 before the first one."""
        with self.changed:
            return at - max((begun for begun in self._begins if begun <= at), default=at)

    def renew_lock(self):
        """In a fork: another thread of the parent may have held the lock, and nobody is left to release it."""
        self.changed = threading.Condition(threading.RLock())

    def next_turn(self):
        """A new order of the user begins: what comes from now on is its answer."""
        with self.changed:
            self.turn += 1
            self.answer, self.answer_size = bytearray(), 0

    def add(self, direction, data=b"", note=""):
        """Append an Entry that happened now, and return it."""
        with self.changed:
            now = time.monotonic()
            round_trip = None
            if direction == SENT:
                self.sent += len(data)
                self._asked = self._asked or now
            elif direction == RECEIVED:
                self.received += len(data)
                self._answered(data)
                if self._asked:
                    round_trip, self._asked = (now - self._asked) * 1000, None
            entry = Entry(now, self.seconds(now), self.turn, direction, data, note, round_trip)
            self._entries.append(entry)
            self._bytes += len(data)
            while len(self._entries) > self.keep_lines or (self._bytes > self.keep_bytes and len(self._entries) > 1):
                gone = self._entries.popleft()
                self._bytes -= gone.size
                self.dropped += 1
                self.dropped_bytes += gone.size
            self.touch()
            return entry

    def _answered(self, data):
        self.answer_size += len(data)
        self.answer += data
        if len(self.answer) > 2 * self.keep_bytes:  # cut rarely: each cut moves the rest
            del self.answer[:-self.keep_bytes]

    @property
    def entries(self):
        """The kept entries, oldest first, as a list of one moment."""
        with self.changed:
            return list(self._entries)

    def __iter__(self):
        return iter(self.entries)

    def __len__(self):
        return len(self._entries)

    def __getitem__(self, index):
        return self.entries[index]
