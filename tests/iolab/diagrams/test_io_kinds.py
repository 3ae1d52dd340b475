"""Four ways to wait, held against real sockets that are asked in every square, and against the calls of a recording."""

import select
import socket

import pytest

from iolab import diagrams
from iolab.diagrams.io_kinds import KINDS, LIMIT, SECOND, run
from iolab.watch import recording

SCENE = diagrams.load("io_kinds")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}


class Two:
    """Two real connections, of which each gets its message in its own square."""

    def __init__(self, first):
        self.pairs = {"甲": socket.socketpair(), "乙": socket.socketpair()}
        self.when, self.now = {"甲": first, "乙": SECOND}, 0
        for ours, _ in self.pairs.values():
            ours.setblocking(False)

    def squares(self):
        while True:
            for name, when in self.when.items():
                if when == self.now:
                    self.pairs[name][1].send(b"news")
            yield
            self.now += 1

    def received(self, name):
        """Whether recv() had something, which a call that blocks would have waited for."""
        try:
            return self.pairs[name][0].recv(100) == b"news"
        except BlockingIOError:
            return False

    def ready(self, names):
        ours = {self.pairs[name][0]: name for name in names}
        return [ours[one] for one in select.select(list(ours), [], [], 0)[0]]

    def close(self):
        for pair in self.pairs.values():
            for end in pair:
                end.close()


def blocking(two, squares):
    for name in ("甲", "乙"):
        while next(squares, True) is None and not two.received(name):
            yield "等", name
        yield "收", name


def non_blocking(two, squares):
    left = ["甲", "乙"]
    while left:
        next(squares)
        found = next((name for name in left if two.received(name)), None)
        yield ("收", found) if found else ("问", "")
        left = [name for name in left if name != found]


def multiplexed(two, squares):
    left = ["甲", "乙"]
    while left:
        next(squares)
        found = two.ready(left)
        yield ("收", found[0]) if found and two.received(found[0]) else ("等", "")
        left = [name for name in left if name not in found]


def timed(two, squares):
    left, name, waited = ["甲", "乙"], "甲", 0
    while left:
        next(squares)
        if two.received(name):
            yield "收", name
            left.remove(name)
            name, waited = (left or [""])[0], 0
        elif waited == LIMIT:
            yield "超时", name
            name, waited = left[-1], 0
        else:
            yield "等", name
            waited += 1


PROGRAMS = dict(zip(KINDS, (blocking, non_blocking, timed, multiplexed), strict=True))


@pytest.mark.parametrize("setting", SETTINGS.values())
def test_real_sockets_give_the_same_answers_in_the_same_squares(setting):
    kind, first = setting
    two = Two(first)
    try:
        assert list(PROGRAMS[kind](two, two.squares())) == run(kind, first)
    finally:
        two.close()


def test_the_recorded_calls_are_those_that_the_captions_name():
    """strace of one message: one call that blocks, thousands of EAGAIN, a poll with a limit, select before recv."""
    calls = recording("io_calls")["calls"]
    said = {kind: " ".join(view.caption for at, film in SCENE.films.items() if SETTINGS[at][0] == kind for view in film)
            for kind in KINDS}
    assert len(calls["blocking"]) == 1 and "睡在 recv(" in said["阻塞"] and "EAGAIN" not in said["阻塞"]
    assert "EAGAIN" in calls["non_blocking"][0] and "EAGAIN" in said["非阻塞"] and "睡在" not in said["非阻塞"]
    assert calls["timeout"][0].startswith("poll") and "TimeoutError" in said["超时"]
    assert calls["select"][0].startswith("pselect6") and "睡在 select(" in said["多路复用"]
    assert all(kind[-1].startswith("recvfrom") for kind in (calls["select"], calls["timeout"], calls["non_blocking"]))


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_the_squares_and_the_sum_are_those_of_the_run(at, setting):
    did, end = run(*setting), SCENE.films[at][-1]
    busy = {int(cell[3:]) for cell in end.held if cell.startswith("cpu")}
    assert busy == {slot for slot, (word, _) in enumerate(did) if word != "等"}
    for name, row, when in (("甲", "a", setting[1]), ("乙", "b", SECOND)):
        taken = did.index(("收", name))
        lane = {int(cell[1:]): colour for cell, (_, colour) in end.held.items() if cell[0] == row}
        assert lane == {**dict.fromkeys(range(when, taken), "amber"), taken: "green"}
        assert f"{name}的" in end.caption and f"等了 {taken - when} 格" in end.caption
    words = [word for word, _ in did]
    assert f"睡了 {words.count('等')} 格，白问了 {words.count('问')} 格" in end.caption
