"""What day9/fork_broken.py loses for each client, and day9/fork_server.py does not."""

import os
import signal
import socket

import pytest

from hostile import ask, connect, holdings, receive_all
from iolab.launch import serve
from processes import listens, wait_until


def finished_clients(server):
    """The answers of three clients that wait for the end of the connection: bytes, or None where it never came."""
    answers = []
    for _ in range(3):
        with connect(server) as conn:
            ask(conn, b"x")
            conn.shutdown(socket.SHUT_WR)
            conn.settimeout(0.5)
            try:
                answers.append(receive_all(conn))
            except TimeoutError:
                answers.append(None)
    return answers


@pytest.mark.parametrize(("name", "answer", "lost"), [("fork_broken", None, 3), ("fork_server", b"", 0)])
def test_what_each_client_costs_after_it_has_gone(name, answer, lost):
    with serve(f"day9/{name}.py") as server:
        before = holdings(server.pid)
        assert finished_clients(server) == [answer] * 3
        after = (before[0] + lost, before[1], before[2] + lost)
        wait_until(lambda: holdings(server.pid) == after, f"{after} descriptors, threads, children")


def test_a_child_does_not_hold_the_door_open():
    """With the parent dead at once, nobody listens any more, though a child still serves its client."""
    with serve("day9/fork_server.py") as server, connect(server) as conn:
        ask(conn, b"x")
        os.kill(server.pid, signal.SIGKILL)
        wait_until(lambda: not listens(server.port), "the door to be closed")
        assert ask(conn, b"y") == b"y"
