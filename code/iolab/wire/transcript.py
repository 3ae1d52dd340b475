"""A log as text that is the same on every run: bytes and order, no times, no ports."""

import json
from dataclasses import dataclass
from itertools import groupby

from iolab.wire.log import EVENT, PRINTED, SENT, decode

WIDTH = 60


@dataclass(frozen=True)
class Row:
    """One line of a transcript: direction, number of calls, bytes in all, and what they were."""

    direction: str
    calls: int
    data: bytes
    note: str = ""

    @property
    def shown(self):
        """The note of an event; bytes as a quoted text, or as hex digits when they are not UTF-8."""
        return self.note if self.direction in (EVENT, PRINTED) else quote(self.data)

    def __str__(self):
        if self.direction in (EVENT, PRINTED):
            return f"{self.direction} {self.note}"
        calls = f"（{self.calls} 次 send）" if self.direction == SENT and self.calls > 1 else ""
        return f"{self.direction} {len(self.data)} 字节{calls} {self.shown}"


def quote(data, width=WIDTH):
    """`data` in quotes, line ends as \\n, cut to `width` characters; hex when it is not UTF-8."""
    text = decode(data)
    if text is None:
        text = data.hex(" ")
        return "十六进制 " + (text if len(text) <= width else text[:width // 3 * 3] + "…")
    return json.dumps(text if len(text) <= width else text[:width] + "…", ensure_ascii=False)


def rows(entries, pieces=False):
    """Entries of a log, without what the server printed, as a list of Row.

    Within one order of the user the sends come first, because an echo may begin before the last send. How TCP cuts a
    stream differs from run to run, so the sends of one order, and receives that follow one another, become one row,
    unless `pieces`.
    """
    found = []
    for _, turn in groupby(entries, key=lambda entry: entry.turn):
        turn = sorted(turn, key=lambda entry: entry.direction != SENT)
        for direction, same in groupby(turn, key=lambda entry: entry.direction):
            same = list(same)
            if direction == EVENT or pieces:
                found += [Row(direction, 1, entry.data, entry.note) for entry in same]
            else:
                found.append(Row(direction, len(same), b"".join(entry.data for entry in same)))
    return found


