"""The end of a server held against the real one: what each client gets when it ends so, and what none ever gets."""

import contextlib
import os
import signal
import socket

import pytest

from iolab import diagrams
from iolab.diagrams.graceful import ACCEPTING, ANSWERED, BUSY, CLOSED, CUT, DRAINING, IDLE, KILLED, REFUSED, TOLD
from iolab.launch import serve
from iolab.model import Went
from processes import has_read, wait_until

SCENE = diagrams.load("graceful")
SIGNALS = {"term": signal.SIGTERM, "kill": signal.SIGKILL}


def moves():
    for state, ways in zip(SCENE.states, SCENE.moves, strict=True):
        yield from ((state, button, went.state) for button, went in ways.items() if isinstance(went, Went))


def test_nobody_comes_in_again_and_who_is_being_served_is_answered_or_cut_by_force():
    for (phase, clients), button, (after, turned) in moves():
        assert not (phase == DRAINING and after == ACCEPTING) and (phase == after or phase not in (CLOSED, KILLED))
        assert len(turned) - len(clients) == (button == "connect")
        for old, new in zip(clients, turned, strict=False):
            assert old == new or old in (IDLE, BUSY), "who has heard the end hears nothing more"
            assert new != CUT or old == CUT or (old, button) in {(BUSY, "limit"), (BUSY, "kill")}
            assert new != ANSWERED or old == ANSWERED or phase == DRAINING
        assert (after == DRAINING) <= (BUSY in turned), "it ends when nothing is in hand"
        assert after == ACCEPTING or IDLE not in turned


@pytest.mark.parametrize("path", [
    ("connect", "connect", "ask", "term", "connect", "term", "done"),
    ("connect", "connect", "ask", "term", "connect", "limit"),
    ("connect", "connect", "ask", "kill", "connect"),
    ("connect", "term", "connect"),
], ids="-".join)
def test_real_clients_get_what_the_picture_says(path):
    state, heard = SCENE.start, []
    work = "60" if "limit" in path else "1.5"  # longer than what is pressed meanwhile takes
    with serve("day9/graceful_thread.py", "--work", work, "--limit", "0.2" if "limit" in path else "9") as server, \
            contextlib.ExitStack() as stack:
        for button in path:
            state = SCENE.moves[SCENE.states.index(state)][button].state
            heard = press(server, button, heard, stack)
        heard = [end(one) if isinstance(one, socket.socket) else one for one in heard]
        assert tuple(heard) == state[1]
        wait_until(lambda: not server.running, "the end")
        assert (server.status == 0) == (state[0] == CLOSED)


def press(server, button, clients, stack):
    """Do it; what has become of each client: a socket while nobody knows, or one of the picture's words."""
    if button in SIGNALS:
        os.kill(server.pid, SIGNALS[button])
        if button == "kill":
            wait_until(lambda: not server.running, "the end")
        idle = [one for one in clients if isinstance(one, socket.socket) and one.gettimeout() == 8]
        return [TOLD if one in idle and one.recv(9) == b"" else one for one in clients]
    if button == "connect":
        try:
            conn = stack.enter_context(socket.create_connection(server.address, timeout=8))
        except ConnectionRefusedError:
            return [*clients, REFUSED]
        wait_until(lambda: has_read(conn), "the server has accepted")
        return [*clients, conn]
    if button == "ask":
        clients[0].sendall(b"job\n")
        clients[0].settimeout(9)                      # this one is busy
        wait_until(lambda: has_read(clients[0]), "the server has read the request")
    return clients


def end(conn):
    return ANSWERED if conn.recv(9) == b"job\n" else CUT
