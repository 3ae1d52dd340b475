"""What select, poll and epoll look at, held against the calls themselves: what they return, refuse and cost."""

import contextlib
import ctypes
import os
import resource
import select
import socket
import time

import pytest

from iolab import diagrams
from iolab.diagrams.thousand_clients import LIMIT, SQUARES, WAYS, work

SCENE = diagrams.load("thousand_clients")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}
FEW, MANY = 50, 800


@pytest.fixture
def clients():
    """Descriptors of MANY connected pairs, our ends first, theirs in the same order."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * MANY + 200:
        pytest.skip(f"only {hard} descriptors are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * MANY + 200), hard))
    with contextlib.ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        pairs = [socket.socketpair() for _ in range(MANY)]
        for end in (end for pair in pairs for end in pair):
            stack.callback(end.close)
        yield [one for one, _ in pairs], [other for _, other in pairs]


def asks(way, ours):
    """A call that asks once which of these have something to read, and gives their descriptors."""
    if way == "select":
        return lambda: [one.fileno() for one in select.select(ours, [], [], 0)[0]]
    asked = select.poll() if way == "poll" else select.epoll()
    for one in ours:
        asked.register(one, select.POLLIN)
    return lambda: [fd for fd, _ in asked.poll(0)]


def cost(ask):
    """Processor time of one call in seconds, the best of some."""
    def once():
        start = time.thread_time()
        for _ in range(20):
            ask()
        return time.thread_time() - start

    return min(once() for _ in range(15)) / 20


def low(clients):
    return [one for one in clients if one.fileno() < LIMIT]


@pytest.mark.parametrize("way", WAYS)
def test_each_finds_those_who_have_sent_something_and_no_other(way, clients):
    ours = low(clients[0])
    for number in (3, 7, 20):
        clients[1][number].send(b"x")
    assert sorted(asks(way, ours)()) == sorted(ours[number].fileno() for number in (3, 7, 20))


def test_the_cost_grows_with_those_who_are_looked_at(clients):
    """Sixteen times as many silent clients: poll needs several times as long for one call, epoll does not."""
    ours, theirs = clients
    theirs[0].send(b"x")
    grown = {way: cost(asks(way, ours)) / cost(asks(way, ours[:FEW])) for way in ("poll", "epoll")}
    looked = {way: work(way, MANY, 1)[1] / work(way, FEW, 1)[1] for way in ("poll", "epoll")}
    assert looked == {"poll": MANY / FEW, "epoll": 1}
    assert grown["poll"] > 4 and grown["epoll"] < 3, grown


def test_the_cost_of_select_grows_as_that_of_poll(clients):
    ours = low(clients[0])
    assert cost(asks("select", ours)) > 3 * cost(asks("select", ours[:len(ours) // 10]))


def test_select_refuses_what_its_table_has_no_place_for():
    """FD_SETSIZE, select(2): glibc's fd_set has 1024 bits, and Python does not write beside them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard <= LIMIT:
        pytest.skip("no such descriptor can be made here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, LIMIT + 10), hard))
    first, last = os.pipe()
    try:
        for fd, refused in ((LIMIT, True), (LIMIT - 1, False)):
            os.dup2(first, fd)
            with pytest.raises(ValueError, match="out of range") if refused else contextlib.nullcontext():
                select.select([fd], [], [], 0)
            os.close(fd)
    finally:
        os.close(first), os.close(last)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert 8 * ctypes.sizeof(ctypes.c_long * 16) == LIMIT
    for clients, ready in SETTINGS.values():
        assert (work("select", clients, ready) is None) == (clients > LIMIT)


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_the_squares_and_numbers_are_those_of_the_work(at, setting):
    clients, ready = setting
    begun, *turn, end = SCENE.films[at]
    for way in WAYS:
        looked = work(way, clients, ready)
        for step, view in enumerate(turn):
            busy = sum(colour in ("blue", "green") for cell, (_, colour) in view.held.items()
                       if cell.startswith(way) and "-" not in cell)
            told = view.held[f"{way}-{step}"][0]
            assert told == ("放不下" if looked is None else str(looked[step]))
            share = 0 if looked is None else looked[step] / clients
            assert busy == pytest.approx(SQUARES * share, abs=1)
        total = end.held[f"{way}-4"][0]
        assert total == ("用不了" if looked is None else f"看 {looked[1] + looked[3]} 次")
    assert f"{clients} 个连接，{ready} 个有数据" in begun.caption
    assert ("1024 格" in end.caption) == (clients > LIMIT)
