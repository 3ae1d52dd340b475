"""Where each model of code/day9 and code/day10 breaks, and how it says so."""

import contextlib
import os
import resource
import signal
from pathlib import Path

import pytest

from hostile import ask, connect, fill, holdings, memory, receive_exactly
from iolab.launch import serve
from processes import wait_until


@pytest.fixture
def many_descriptors():
    """Raise this process's own limit, which the servers inherit; gives how many clients are possible."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield hard - 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def crowd(server, stack, size):
    return [stack.enter_context(connect(server)) for _ in range(size)]


def test_select_refuses_descriptors_from_1024_on_in_a_sentence(many_descriptors):
    with serve("day10/select_server.py") as server, contextlib.ExitStack() as stack:
        if many_descriptors < 1200:
            pytest.skip("the hard limit of descriptors is below 1,200")
        clients = crowd(server, stack, 1100)
        output = server.wait_for("拒绝一个客户端：select 只能监控编号小于 1024 的描述符", count=70)
        assert "Traceback" not in output
        assert ask(clients[0], b"first") == b"first"
        assert clients[-1].recv(1) == b""
        clients[0].close()
        wait_until(lambda: can_ask(server), "room for one more after one has left")


def can_ask(server):
    with connect(server) as conn:
        try:
            return ask(conn, b"x") == b"x"
        except ConnectionError:
            return False


@pytest.mark.parametrize("name", ["poll", "epoll", "epoll_edge_fixed", "selectors", "asyncio"])
def test_the_others_go_beyond_1024(name, many_descriptors):
    if many_descriptors < 1200:
        pytest.skip("the hard limit of descriptors is below 1,200")
    with serve(f"day10/{name}_server.py" if "edge" not in name else f"day10/{name}.py") as server, \
            contextlib.ExitStack() as stack:
        clients = crowd(server, stack, 1100)
        assert ask(clients[-1], b"last") == b"last"
        assert ask(clients[0], b"first") == b"first"


def test_epoll_holds_ten_thousand_idle_clients(many_descriptors):
    size = min(10_000, many_descriptors)
    with serve("day10/epoll_server.py") as server:
        with connect(server) as conn:
            ask(conn, b"warm up")
        before = memory(server.pid)
        with contextlib.ExitStack() as stack:
            clients = crowd(server, stack, size)
            assert ask(clients[-1], b"last") == b"last"
            assert holdings(server.pid)[0] >= size
            assert (memory(server.pid) - before) / size < 2048
            for conn in clients[::size // 100]:
                assert ask(conn, b"still there") == b"still there"
        wait_until(lambda: holdings(server.pid)[0] < 20, "the end of all clients")


def test_a_thread_that_cannot_start_costs_one_client_only():
    """RLIMIT_AS stops the kernel from giving a new stack (getrlimit(2)); the server goes on with those it has."""
    with serve("day9/thread_server.py") as server, connect(server) as first:
        assert ask(first, b"x") == b"x"
        address_space = int(Path(f"/proc/{server.pid}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        before = resource.prlimit(server.pid, resource.RLIMIT_AS)
        resource.prlimit(server.pid, resource.RLIMIT_AS, (address_space, before[1]))
        with connect(server) as refused:
            assert refused.recv(1) == b""
        assert "拒绝一个客户端" in server.wait_for("拒绝") and "Traceback" not in server.output
        resource.prlimit(server.pid, resource.RLIMIT_AS, before)
        with connect(server) as again:
            assert ask(again, b"again") == b"again"
        assert ask(first, b"y") == b"y"


def test_edge_triggered_and_read_once_leaves_the_rest_unread():
    message = bytes(50_000)                          # fits into one segment and the first window: one arrival
    with serve("day10/epoll_edge_broken.py") as server, stopped(server), connect(server) as conn:
        conn.sendall(message)
        go_on(server)
        receive_exactly(conn, 4096)
        conn.settimeout(0.5)
        with pytest.raises(TimeoutError):
            receive_exactly(conn, len(message) - 4096)
    with serve("day10/epoll_edge_fixed.py") as server, stopped(server), connect(server) as conn:
        conn.sendall(message)
        go_on(server)
        assert receive_exactly(conn, len(message)) == message


def test_edge_triggered_and_accepted_once_leaves_the_others_in_the_queue():
    answered = {}
    for name in ("broken", "fixed"):
        with serve(f"day10/epoll_edge_{name}.py") as server, stopped(server), contextlib.ExitStack() as stack:
            clients = crowd(server, stack, 3)
            go_on(server)
            answered[name] = sum(answers(conn, wait=0.5 if name == "broken" else 10) for conn in clients)
    assert answered == {"broken": 1, "fixed": 3}


@contextlib.contextmanager
def stopped(server):
    os.kill(server.pid, signal.SIGSTOP)
    state = Path(f"/proc/{server.pid}/stat")
    wait_until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "the server to stop")
    yield
    go_on(server)


def go_on(server):
    os.kill(server.pid, signal.SIGCONT)


def answers(conn, wait):
    conn.settimeout(wait)
    try:
        return ask(conn, b"x") == b"x"
    except TimeoutError:
        return False


def test_fork_leaves_no_zombie():
    with serve("day9/fork_server.py") as server:
        for _ in range(20):
            with connect(server) as conn:
                ask(conn, b"x")
        wait_until(lambda: holdings(server.pid)[2] == 0, "the end of all children, zombies too")


def test_a_handler_that_loops_until_its_client_leaves_starves_the_others():
    answered = {}
    for name in ("hog_broken", "select_server"):
        with serve(f"day10/{name}.py") as server, connect(server) as first, connect(server) as second:
            ask(first, b"x")
            answered[name] = answers(second, wait=0.5 if name == "hog_broken" else 10)
    assert answered == {"hog_broken": False, "select_server": True}


def test_without_drain_the_answers_that_nobody_reads_fill_the_memory():
    grown = {}
    for name in ("drain_broken", "asyncio_server"):
        with serve(f"day10/{name}.py") as server, connect(server) as conn:
            ask(conn, b"x")
            before = memory(server.pid)
            fill(conn, limit=60_000_000)
            grown[name] = (memory(server.pid) - before) / 1e6
    assert grown["drain_broken"] > 30 and grown["asyncio_server"] < 5, grown
