"""The rules of a pipe held against a real one: what each press does there, and what poll then says of its ends."""

import array
import contextlib
import fcntl
import os
import random
import select
import termios

from iolab import diagrams
from iolab.diagrams.pipe_rules import READER, ROOM, WRITERS
from iolab.model import Went

SCENE = diagrams.load("pipe_rules")
PAGE = 4096


class Real:
    """A pipe of four pages with two write ends. What would wait there gives EAGAIN here, and is tried again later."""

    def __init__(self):
        r, w = os.pipe2(os.O_NONBLOCK)
        fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, ROOM * PAGE)
        self.fds = {"甲": w, "乙": os.dup(w), "丙": r}

    def act(self, verb, who):
        """What comes of it: "wait", "EPIPE", "end" or "done"."""
        fd = self.fds[who]
        try:
            if verb == "write":
                assert os.write(fd, b"x" * PAGE) == PAGE
            elif verb == "read":
                return "done" if os.read(fd, PAGE) else "end"
            else:
                os.close(self.fds.pop(who))
        except BlockingIOError:
            return "wait"
        except BrokenPipeError:
            return "EPIPE"
        return "done"

    def events(self, who):
        poller = select.poll()
        poller.register(self.fds[who], select.POLLIN | select.POLLOUT)
        return dict(poller.poll(0)).get(self.fds[who], 0)

    def inside(self):
        count = array.array("i", [0])
        fcntl.ioctl(self.fds[READER], termios.FIONREAD, count)
        return count[0] / PAGE

    def close(self):
        for fd in self.fds.values():
            os.close(fd)


def told(before, went):
    """What the picture says comes of a press."""
    if len(went.state[2]) > len(before[2]):
        return "wait"
    return "EPIPE" if "BrokenPipeError" in went.caption else "end" if "read 返回 b''：" in went.caption else "done"


def test_a_real_pipe_does_the_same():
    assert set().union(*map(walk, range(20))) == {"wait", "EPIPE", "end", "done"}


def walk(seed):
    """Press what comes by chance, closing seldom, and return all that came of it."""
    state, chance, seen = SCENE.start, random.Random(seed), set()
    with contextlib.closing(Real()) as real:
        for _ in range(60):
            name = chance.choice(["write-甲", "write-乙", "read-丙"] * 5 + [button.name for button in SCENE.buttons])
            went = SCENE.press(state, name)
            if not isinstance(went, Went):
                continue
            verb, who = name.split("-")
            came = real.act(verb, who)
            assert came == told(state, went), (state, name)
            for woken in state[2][:len(state[2]) - len(went.state[2])]:
                then = "done" if verb != "close" else "end" if woken == READER else "EPIPE"
                assert real.act("read" if woken == READER else "write", woken) == then
            state = went.state
            seen.add(came)
            agree(real, state)
    return seen


def agree(real, state):
    inside, ends, waits = state
    assert set(real.fds) == set(ends)
    if READER in ends:
        events = real.events(READER)
        assert real.inside() == inside
        assert bool(events & select.POLLIN) == (inside > 0)
        assert bool(events & select.POLLHUP) == (ends == READER)
    for who in WRITERS:
        if who in ends:
            events = real.events(who)
            assert bool(events & select.POLLERR) == (READER not in ends)
            assert READER not in ends or bool(events & select.POLLOUT) == (inside < ROOM)
    assert all(inside == (0 if who == READER else ROOM) for who in waits)


def test_whoever_waits_can_do_nothing_and_every_press_says_what_comes():
    for state, ways in zip(SCENE.states, SCENE.moves, strict=True):
        for name, went in ways.items():
            who = name.split("-")[1]
            assert isinstance(went, Went) == (who in state[1] and who not in state[2])
