"""How much one guest may have of what all share."""

from collections import OrderedDict
from dataclasses import dataclass

MOST_REMEMBERED = 4096
# What an option may be: the chat room's server takes 250 from one address, the gate's; a datagram has 1024 bytes.
MAY_BE = {"students": (1, 250), "per_address": (1, 250), "rate": (1024, 1 << 30), "idle": (1, 24 * 3600)}


@dataclass(frozen=True)
class Limits:
    """students: guests of the chat room, and connections to the echo server, in all; per_address: of them, those that
    one address may have; as many attempts a second may it make. rate, requests: bytes, and datagrams to the chat room,
    a second of one guest. idle, knock: seconds of silence after which a guest has left, and within which one has to
    say the word. name, line: the letters of a name, and the bytes of the line with word and name. Raises ValueError for
    what would let nobody in.
    """

    students: int = 40
    per_address: int = 4
    rate: int = 65536
    idle: float = 120
    knock: float = 10
    requests: float = 8
    name: int = 12
    line: int = 128

    def __post_init__(self):
        for name, (least, most) in MAY_BE.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"--{name.replace('_', '-')} 要在 {least} 和 {most} 之间。")


class Bucket:
    """What flows in with `rate` a second, up to `most`, and can be taken out."""

    def __init__(self, rate, most, now):
        self.rate, self.most = rate, most
        self._level, self._at = most, now

    def take(self, amount, now):
        """Take `amount`; where it is not there, return the seconds after which it would be, and take nothing."""
        self._level, self._at = min(self.most, self._level + (now - self._at) * self.rate), now
        if self._level < amount:
            return (amount - self._level) / self.rate
        self._level -= amount
        return 0

    def owe(self, amount, now):
        """Take `amount`, even if it is not there; return the seconds until it is paid."""
        wait = self.take(amount, now)
        if wait:
            self._level -= amount
        return wait


class Buckets:
    """A bucket for each key, as many as can be remembered: senders of datagrams can invent addresses."""

    def __init__(self, rate, most, remembered=MOST_REMEMBERED):
        self._rate, self._most, self._remembered, self._buckets = rate, most, remembered, OrderedDict()

    def take(self, key, now):
        bucket = self._buckets.get(key) or Bucket(self._rate, self._most, now)
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        return bucket.take(1, now)
