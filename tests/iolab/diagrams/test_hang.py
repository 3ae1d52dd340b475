"""What the picture says of the four programs, held against the programs themselves."""

import contextlib
import os
import platform
import re
import signal
import socket
from pathlib import Path

import pytest

from iolab import diagrams
from iolab.diagrams.hang import LOOKS, PROGRAMS, press, seen
from iolab.launch import serve
from iolab.model import Went
from processes import wait_until

LINES = ("甲 乙", "乙 甲"), ("茶",), ("a b",), ("面",)
NUMBERS = {  # of the system calls, asm/unistd_64.h and asm-generic/unistd.h
    "x86_64": {"accept": {43, 288}, "futex": {202}, "recvfrom": {45}, "epoll_wait": {232, 281}},
    "aarch64": {"accept": {202, 242}, "futex": {98}, "recvfrom": {207}, "epoll_wait": {22}},
}.get(platform.machine())


@contextlib.contextmanager
def hung(number):
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serve(f"day10/hung_{number + 1}.py"))
        for line in LINES[number]:
            client = stack.enter_context(socket.create_connection(server.address))
            client.sendall(f"{line}\n".encode())
        yield server


def ticks(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def calls(pid):
    """The number of each thread's system call, None for one that runs."""
    texts = [path.read_text().split()[0] for path in Path(f"/proc/{pid}/task").glob("*/syscall")]
    return [None if text == "running" else int(text) for text in texts]


def waits_as_told(pid, told):
    """Whether its threads are in these calls; one that computes may be seen waiting for the GIL."""
    found = calls(pid)
    if len(found) != len(told):
        return False
    for call in told:
        fits = [one for one in found if one is None or one not in NUMBERS["accept"]] if call is None else [
            one for one in found if one in NUMBERS[call]]
        if not fits:
            return False
        found.remove(fits[0])
    return True


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_a_real_one_shows_what_the_picture_says(number):
    one = PROGRAMS[number]
    with hung(number) as server:
        if NUMBERS and os.access("/proc/self/syscall", os.R_OK):
            wait_until(lambda: waits_as_told(server.pid, one.calls), f"{one.calls} of {calls(server.pid)}")
        before = ticks(server.pid)
        if one.busy:
            wait_until(lambda: ticks(server.pid) > before + 10, "it computes")
        os.kill(server.pid, signal.SIGUSR1)
        dump = server.wait_for("<module>")
        assert one.busy or ticks(server.pid) - before <= 2
        inner = re.findall(r'call first\):\n  File ".*", line \d+ in (\w+)', dump)
        assert inner.count(one.stack) == (2 if number == 0 else 1)
        if one.tasks:
            os.kill(server.pid, signal.SIGUSR2)
            assert f"await {one.tasks}()" in server.wait_for("in serve")
            assert "coroutine 'cook' was never awaited" in server.output


def test_the_verdict_needs_its_looks_in_whatever_order():
    scene = diagrams.load("hang")
    for number, one in enumerate(PROGRAMS):
        for state, view in ((state, scene.look(state)) for state in scene.states if state[0] == number):
            assert ("so" in view) == (one.enough <= state[1])
        for what in LOOKS:
            went = press((number, frozenset(LOOKS) - {what}), what)
            assert isinstance(went, Went) and seen(number, what)[0] in went.caption
    assert len({seen(number, "cpu") for number in range(4)}) == 2, "one look alone does not tell the four apart"
