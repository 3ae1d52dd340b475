"""Who is in the room: the word, the names, the places. No sockets."""

import hmac
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass

from iolab.classroom.limits import Bucket, Buckets

CHAT, ECHO = "聊天室", "回声"


class Refused(Exception):
    """Somebody may not come in; the message is for them."""


@dataclass(eq=False)
class Guest:
    """place: CHAT or ECHO; got: bytes let through; dropped: datagrams that came too fast."""

    name: str
    host: str
    place: str
    since: float
    bucket: Bucket
    seen: float
    got: int = 0
    dropped: int = 0


class Roster:
    """Lets in who says the word, while there is room; clock: seconds as time.monotonic() gives them."""

    def __init__(self, word, limits, clock=time.monotonic):
        self.word, self.limits, self.clock = check_word(word), limits, clock
        self.guests, self.refused = [], Counter()
        self._knocks = Buckets(limits.per_address, 2 * limits.per_address)

    def may_knock(self, host):
        """Seconds that an address has to wait before its next attempt; 0 counts as an attempt."""
        return self._knocks.take(host, self.clock())

    def enter(self, line, host, place):
        """Let somebody in who says `line` (str: the word, a space, the name); return the Guest, or raise Refused."""
        try:
            name = self._behind_the_word(line)
            self._room(host, place)
        except Refused as why:
            self.refused[str(why)] += 1
            raise
        now = self.clock()
        guest = Guest(name, host, place, now, Bucket(self.limits.rate, self.limits.rate, now), now)
        self.guests.append(guest)
        return guest

    def leave(self, guest):
        if guest in self.guests:
            self.guests.remove(guest)

    def check_name(self, name):
        """Return a name that may be shown to everybody, or raise Refused."""
        if not 1 <= len(name) <= self.limits.name or not harmless(name):
            raise Refused(f"暗号后面写姓名，1 到 {self.limits.name} 个文字、数字、_ 和 -")
        return name

    def _behind_the_word(self, line):
        word, name = parts(line)
        if not hmac.compare_digest(word.encode(errors="replace"), self.word.encode()):
            raise Refused("先说暗号：写 暗号 空格 姓名")
        return self.check_name(name)

    def _room(self, host, place):
        there = [guest for guest in self.guests if guest.place == place]
        if len(there) >= self.limits.students:
            raise Refused(f"{place}满了，最多 {self.limits.students} 个")
        if sum(guest.host == host for guest in there) >= self.limits.per_address:
            raise Refused(f"你的地址上已经有 {self.limits.per_address} 个")


def parts(line):
    """Return (word, name) of a line (str), full-width letters, digits and spaces taken as the usual ones."""
    word, *name = unicodedata.normalize("NFKC", line).split(maxsplit=1) or [""]
    return word, name[0].strip() if name else ""


def check_word(word):
    """Return the word; raises ValueError for one that a shell, or somebody who reads it out, would change."""
    word = unicodedata.normalize("NFKC", word)
    if not 1 <= len(word) <= 32 or not harmless(word):
        raise ValueError(f"暗号 {word!r} 不行：要 1 到 32 个文字、数字、_ 和 -，没有空格。")
    return word


def harmless(text):
    return all(letter.isalnum() or letter in "_-" for letter in text)
