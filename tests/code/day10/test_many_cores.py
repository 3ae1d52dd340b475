"""Several processes at one port: who wakes, who gets the connection, and what happens when one of them dies."""

import os
import re
import signal
import socket

import pytest

import preludes
from hostile import ask, connect, receive_all
from iolab.launch import run, serve
from iolab.procfs import stat
from processes import wait_until


def printed(script, *args):
    return run(script, *args).output


@pytest.mark.parametrize(("way", "woken", "empty"), [
    ("accept", 1, 0), ("select", 4, 3), ("epoll", 4, 3), ("exclusive", 1, 0)])
def test_who_only_asks_is_woken_with_all_others(way, woken, empty):
    assert f"来了 1 个客户端，醒来 {woken} 个，扑空 {empty} 个" in printed("day10/herd.py", way)


def shares(way):
    return list(map(int, re.findall(r"\d+", printed("day10/who_accepts.py", way))))


def test_waiting_in_accept_takes_turns_and_a_hash_spreads():
    """In one of three runs: on a busy machine a process may not be back in accept() when its turn comes."""
    for way, tries in (("accept", 3), ("reuseport", 1)):
        runs = [shares(way) for _ in range(tries)]
        assert all(len(found) == 4 and sum(found) == 100 for found in runs), (way, runs)
        assert any(min(found) > 5 and max(found) < 50 for found in runs), (way, runs)


def test_the_first_that_registered_exclusively_gets_nearly_all():
    """Its place in the wait queue stays the first: sleepers behind it are asked only while it is busy."""
    assert max(shares("exclusive")) > 50


def test_three_processes_answer_from_one_listener():
    answers = re.findall(r"(\d) 号进程回答", printed("day10/prefork_small.py"))
    assert len(answers) == 6 and set(answers) <= {"0", "1", "2"} and len(set(answers)) > 1


def workers(server):
    return {below.pid for below in stat.descendants(server.pid)}


def test_a_dead_worker_is_replaced_and_the_clients_of_others_notice_nothing():
    with serve("day10/prefork_server.py", "--workers", "3") as server:
        wait_until(lambda: len(workers(server)) == 3, "three workers")
        before = workers(server)
        clients = [connect(server) for _ in range(12)]
        for client in clients:
            ask(client, b"hello")
        victim = max(before, key=lambda pid: len(os.listdir(f"/proc/{pid}/fd")))
        held = len(os.listdir(f"/proc/{victim}/task")) - 1
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: len(workers(server) - {victim}) == 3, "a new worker")
        lost = [client for client in clients if not still_served(client)]
        assert 0 < len(lost) == held < 12
        assert len(workers(server) - before) == 1
        for client in clients:
            client.close()
        with connect(server) as late:
            assert ask(late, b"late") == b"late"


REFUSED = """
import errno, itertools
fork, calls = os.fork, itertools.count(1)
def refusing():
    if next(calls) == 3:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return fork()
os.fork = refusing
"""


def test_a_worker_that_cannot_be_replaced_yet_costs_nobody_else():
    """The third fork fails, as at the limit of processes; EAGAIN, fork(2)."""
    script = "day10/prefork_server.py"
    with serve(script, "--workers", "2", command=preludes.command(REFUSED, script)) as server:
        wait_until(lambda: len(workers(server)) == 2, "two workers")
        victim = min(workers(server))
        os.kill(victim, signal.SIGKILL)
        server.wait_for("暂时不能多开一个进程：")
        with connect(server) as client:
            assert ask(client, b"still") == b"still"
        wait_until(lambda: len(workers(server) - {victim}) == 2, "a new worker, later")


def still_served(client):
    try:
        return ask(client, b"again") == b"again"
    except ConnectionError:
        return False


def test_a_pool_whose_threads_all_wait_answers_nobody_else():
    with serve("day10/pool_server.py", "--workers", "2") as server:
        silent = [connect(server) for _ in range(2)]
        for client in silent:
            assert ask(client, b"x") == b"x"          # each has a thread now
        with connect(server) as late:
            late.sendall(b"late")
            late.settimeout(0.3)
            with pytest.raises(TimeoutError):
                late.recv(4)
            silent[0].close()
            late.settimeout(5)
            assert late.recv(4) == b"late"
        silent[1].shutdown(socket.SHUT_WR)
        assert receive_all(silent[1]) == b""
        silent[1].close()
