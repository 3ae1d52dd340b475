"""The four servers that end gracefully: what is in hand is done, nothing new is taken, and a limit holds."""

import contextlib
import os
import signal
import socket
import time

import pytest

from hostile import connect, holdings, receive_all, receive_exactly, reset
from iolab.launch import serve
from iolab.procfs import stat
from preludes import serve_after
from processes import has_read, listens, wait_until

MODELS = ["thread", "process", "select", "asyncio"]
each_model = pytest.mark.parametrize("model", MODELS)
LIMIT = 4  # seconds: a client's patience


def script(model):
    return f"day9/graceful_{model}.py"


def clients(server):
    """One that asks nothing, one with half a request, one with a request; the server has read what they sent."""
    idle, half, busy = (socket.create_connection(server.address, LIMIT) for _ in range(3))
    half.sendall(b"x")
    busy.sendall(b"job\n")
    for conn in (idle, half, busy):
        wait_until(lambda conn=conn: has_read(conn), "the server has read what there is")
    return idle, half, busy


@each_model
def test_what_is_in_hand_is_done_and_nothing_new_is_taken(model):
    with serve(script(model), "--work", "0.4") as server, contextlib.ExitStack() as stack:
        idle, half, busy = map(stack.enter_context, clients(server))
        os.kill(server.pid, signal.SIGTERM)
        assert (idle.recv(9), half.recv(9)) == (b"", b"")
        assert not listens(server.port), "a client came in after the end had begun"
        os.kill(server.pid, signal.SIGTERM)           # somebody is impatient: nothing changes
        assert (busy.recv(9), busy.recv(9)) == (b"job\n", b"")
        assert "收场：都做完了" in server.wait_for("收场")
        wait_until(lambda: not server.running, "the end")
        assert server.status == 0


@each_model
def test_who_goes_on_asking_is_not_answered_for_ever(model):
    """Bytes that come after SHUT_RD can still be read on Linux: it does not end a client that always asks ahead."""
    with serve(script(model), "--work", "0.05", "--limit", LIMIT) as server, connect(server) as conn:
        conn.sendall(b"job\n")
        wait_until(lambda: has_read(conn), "the server has the request")
        os.kill(server.pid, signal.SIGTERM)
        begun = time.monotonic()
        with contextlib.suppress(ConnectionError):    # what came too late is not read: RST
            while time.monotonic() - begun < 2 * LIMIT:
                conn.sendall(b"job\n")
                time.sleep(0.01)
        assert time.monotonic() - begun < LIMIT
        assert "收场：都做完了" in server.wait_for("收场")


@each_model
def test_who_waits_in_the_queue_is_served(model):
    with serve(script(model), "--work", "0.01") as server, contextlib.ExitStack() as stack:
        os.kill(server.pid, signal.SIGSTOP)
        waiting = [stack.enter_context(connect(server)) for _ in range(3)]
        for conn in waiting:
            conn.sendall(b"job\n")
        os.kill(server.pid, signal.SIGTERM)
        os.kill(server.pid, signal.SIGCONT)
        assert [receive_all(conn) for conn in waiting] == [b"job\n"] * 3
        assert "收场：都做完了" in server.wait_for("收场")


SMALL = """import socket
create = socket.create_server
def create_server(*args, **options):
    listener = create(*args, **options)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # who is accepted inherits it
    return listener
socket.create_server = create_server
"""


@each_model
def test_an_answer_that_is_read_late_is_whole(model):
    """What the kernel does not take yet must wait for the client, not go with the server."""
    line = b"x" * 50_000 + b"\n"
    with serve_after(SMALL, script(model), "--work", "0.01") as server, socket.socket() as conn:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        conn.settimeout(LIMIT)
        conn.connect(("127.0.0.1", int(server.first.rpartition(":")[2])))
        conn.sendall(line)
        wait_until(lambda: has_read(conn), "the server has the request")
        time.sleep(0.2)                               # it has answered as far as it can
        server.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        assert receive_all(conn) == line
        assert server.stdout.read() == "收场：都做完了\n"


MANY = """import os, resource, socket
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
create, taken = socket.create_server, []
def create_server(*args, **options):
    listener = create(*args, **options)
    taken.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(1100))  # who comes now has a high number
    return listener
socket.create_server = create_server
"""


def test_select_refuses_whom_it_could_not_watch():
    with serve_after(MANY, script("select")) as server:
        port = int(server.first.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), LIMIT) as conn:
            assert conn.recv(9) == b""
        assert server.stdout.readline() == "拒绝一个客户端：select 只能监控编号小于 1024 的描述符\n"


def test_processes_whose_numbers_are_high_are_waited_for():
    with serve_after(MANY, script("process"), "--work", "0.01") as server:
        port = int(server.first.rpartition(":")[2])
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), LIMIT) as conn:
                conn.sendall(b"job\n")
                assert conn.recv(9) == b"job\n"
        server.send_signal(signal.SIGTERM)
        assert server.stdout.read() == "收场：都做完了\n"


def test_a_child_that_cannot_be_watched_is_not_left_alone():
    refuses = "import os\ndef refuse(pid): raise OSError(24, 'Too many open files')\nos.pidfd_open = refuse\n"
    with serve_after(refuses, script("process")) as server:
        port = int(server.first.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), LIMIT) as conn:
            assert conn.recv(9) == b""
        assert server.stdout.readline() == "拒绝一个客户端： Too many open files\n"
        assert stat.children(server.pid) == []


@each_model
def test_the_limit_holds(model):
    with serve(script(model), "--work", "60", "--limit", "0.2") as server, contextlib.ExitStack() as stack:
        _, _, busy = map(stack.enter_context, clients(server))
        begun = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        assert busy.recv(9) == b"" and time.monotonic() - begun > 0.15
        assert server.wait_for("期限到了") == "期限到了，断开 1 个\n"
        wait_until(lambda: not server.running, "the end")
        assert server.status == 0


@each_model
def test_without_its_cure_an_idle_client_keeps_it_until_the_limit(model):
    """Nobody is told that there is no next request."""
    keeps = "import socket\nsocket.socket.shutdown = lambda *_: None\n"
    with serve_after(keeps, script(model), "--limit", "0.3") as server:
        port = int(server.first.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), LIMIT) as idle:
            wait_until(lambda: has_read(idle), "the server has taken the client")
            server.send_signal(signal.SIGTERM)
            assert idle.recv(9) == b""
        assert server.stdout.read() == "期限到了，断开 1 个\n"


@each_model
def test_a_hostile_client_ends_no_server_and_leaves_nothing(model):
    with serve(script(model), "--work", "0.01") as server:
        rest = holdings(server.pid)
        for sent in (b"", b"half", b"job\n", b"job\n" * 20, b"x" * 200_000):
            conn = connect(server)
            with contextlib.suppress(OSError):
                conn.sendall(sent)
            reset(conn)
        with connect(server) as conn:                 # two requests at once, the second after a half close
            conn.sendall(b"one\ntwo\n")
            conn.shutdown(socket.SHUT_WR)
            assert receive_exactly(conn, 8) == b"one\ntwo\n" and conn.recv(9) == b""

        def given_back():
            with connect(server) as conn:             # the process server reaps when somebody comes
                conn.sendall(b"still there\n")
                receive_exactly(conn, 12)
            return holdings(server.pid)[0] <= rest[0] + 1

        wait_until(given_back, f"{rest} again, not {holdings(server.pid)}")
