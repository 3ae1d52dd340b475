"""The calls that the picture counts, held against the calls that are really made."""

import os
import re
import select

import pytest

from iolab.diagrams.uring import COUNTS, READY, RINGS, film
from iolab.launch import run


def told(how, count):
    """The number of system calls after each step, and the number that the last caption says."""
    views = film(how, count)
    return [int(view.held["calls"][0].split()[1]) for view in views], int(
        re.search(r"一共 (\d+) 次系统调用", views[-1].caption)[1])


@pytest.mark.parametrize("count", COUNTS)
def test_epoll_takes_a_call_more_than_there_are_connections(count):
    pipes, calls = [os.pipe() for _ in range(count)], 1
    try:
        with select.epoll() as poller:
            for source, into in pipes:
                poller.register(source, select.EPOLLIN)
                os.write(into, b"hello")
            for fd, _ in poller.poll():
                assert os.read(fd, 100) == b"hello"
                calls += 1
    finally:
        for fd in sum(pipes, ()):
            os.close(fd)
    steps, said = told(READY, count)
    assert (steps[-1], said) == (calls, calls) and steps == sorted(steps)


def test_one_enter_submits_all_and_waits_for_all():
    """The script makes two, to show that nothing is done after the first; each of them serves three reads."""
    said = run("day10/uring_read.py", quiet=True).output
    if "不能用 io_uring" in said:
        pytest.skip(said.strip())
    lines = said.splitlines()
    assert lines[0] == "交出 3 个 read，系统调用 1 次，做完 0 个"
    assert sorted(lines[1:4]) == [f"做完了： {number} 号， 9 字节， 第 {number} 句" for number in range(3)]
    assert lines[4:] == ["一共 2 次系统调用，没有调用过 read"]


@pytest.mark.parametrize("count", COUNTS)
def test_the_rings_take_one_call_however_many_there_are(count):
    assert told(RINGS, count)[0][-1] == told(RINGS, count)[1] == 1


@pytest.mark.parametrize("count", COUNTS)
def test_every_byte_is_in_one_place(count):
    for how in (RINGS, READY):
        for view in film(how, count):
            for place in range(count):
                here = [view.held.get(f"{where}{place}", ("",))[0] == "数据" for where in ("kernel", "buffer")]
                assert sum(here) <= 1
        assert all(view.held[f"buffer{place}"][0] == "数据" for place in range(count))
