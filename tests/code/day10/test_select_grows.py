"""day10/select_small.py and what grows from it: each step fails as its page says, and the next one does not."""

import contextlib
import os
import resource
import signal
import socket

import pytest

from hostile import ask, connect, fill, reset
from iolab.launch import serve
from processes import wait_until, waits

STEPS = [f"day10/select_{name}.py" for name in ("small", "steady", "patient", "server")]


def answers(conn, wait=1):
    conn.settimeout(wait)
    try:
        return ask(conn, b"?") == b"?"
    except OSError:
        return False


def outlives(server):
    """Whether another client is still answered."""
    with connect(server) as other:
        return answers(other)


def reset_one(server):
    with connect(server) as conn:
        ask(conn, b"x")
        reset(conn)


def never_read(server):
    conn = connect(server)
    fill(conn)
    return conn


def use_up_descriptors(server):
    with connect(server) as first:
        ask(first, b"x")
        highest = max(map(int, os.listdir(f"/proc/{server.pid}/fd")))
        hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (highest + 1, hard))
        with contextlib.suppress(ConnectionResetError), connect(server) as second:
            assert second.recv(1) == b"", "one too many is told so"
        return answers(first)


@pytest.mark.parametrize("script", STEPS)
def test_two_are_served_at_once_and_a_signal_ends_it_in_a_sentence(script):
    with serve(script) as server, connect(server) as first, connect(server) as second:
        assert ask(second, b"two") == b"two" and ask(first, b"one") == b"one"
        wait_until(lambda: waits(server.pid), "the server waits")
        os.kill(server.pid, signal.SIGTERM)
        wait_until(lambda: not server.running, "the end of the server")
        wait_until(lambda: server.output, "what it says at its end")
        assert (server.status, server.output) == (0, "服务器停止\n") and first.recv(1) == b""


@pytest.mark.parametrize("script", STEPS)
def test_one_who_resets_ends_only_the_smallest(script):
    with serve(script) as server:
        reset_one(server)
        if script == STEPS[0]:
            wait_until(lambda: not server.running, "its end")
            assert server.status == 1
        else:
            assert outlives(server)


@pytest.mark.parametrize("script", STEPS)
def test_one_who_never_reads_stops_the_first_two(script):
    with serve(script) as server, never_read(server):
        assert outlives(server) == (script in STEPS[2:])


@pytest.mark.parametrize("script", STEPS[2:])
def test_one_too_many_ends_all_but_the_whole_server(script):
    with serve(script) as server:
        assert use_up_descriptors(server) == (script == STEPS[3])


def test_ipv6_too():
    for script in STEPS[:3]:
        with serve(script, "--host", "::1") as server, socket.create_connection(server.address) as conn:
            assert ask(conn, b"x") == b"x"
