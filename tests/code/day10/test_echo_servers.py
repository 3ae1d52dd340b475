"""Every echo server of the book against hostile clients; afterwards it holds what it held before."""

import asyncio
import contextlib
import errno
import inspect
import os
import re
import resource
import runpy
import signal
import socket
import threading
import time
from pathlib import Path
from unittest.mock import Mock

import pytest

from hostile import GoodClient, ask, connect, cpu_seconds, fill, holdings, memory, receive_all, receive_exactly, reset
from iolab.launch import run, scripts, serve
from loops import run_apart
from processes import wait_until, waits

ONE_AT_A_TIME = "day9/loop_server.py"
SERVERS = [
    ONE_AT_A_TIME, "day9/fork_server.py", "day9/thread_server.py",
    "day10/select_server.py", "day10/poll_server.py", "day10/epoll_server.py", "day10/epoll_edge_fixed.py",
    "day10/selectors_server.py", "day10/asyncio_server.py", "day10/prefork_server.py", "day10/pool_server.py",
]
COROUTINES = ["day10/asyncio_server.py", "day10/drain_broken.py"]
FAILURES = ["day9/fork_broken.py", "day10/hog_broken.py", "day10/epoll_edge_broken.py", "day10/drain_broken.py"]
MIB = 1 << 20
GROWTH = 12 * MIB  # what allocators may keep; 100 MB in a buffer would show


@pytest.fixture(scope="module", params=SERVERS)
def running(request):
    with serve(request.param) as server:
        server.name = request.param
        if "prefork" in server.name:
            wait_until(lambda: holdings(server.pid)[2] == len(os.sched_getaffinity(0)), "a process for each core")
        server.rest = holdings(server.pid)
        with connect(server) as conn:                # what an allocator takes at the first client is no leak
            ask(conn, b"warm up")
        server.memory = memory(server.pid)
        yield server


@pytest.fixture
def server(running):
    """A server, with a good client beside it where it serves more than one; all it took is given back at the end."""
    good = contextlib.nullcontext() if running.name == ONE_AT_A_TIME else GoodClient(running, limit=5)
    with good:
        yield running
    wait_until(lambda: holdings(running.pid) == running.rest, f"{running.rest} descriptors, threads, children again")
    grown = memory(running.pid) - running.memory
    assert grown < GROWTH, f"{grown / MIB:.1f} MiB more than at the start"
    with connect(running) as conn:
        assert ask(conn, b"still there") == b"still there"


def test_one_byte_at_a_time(server):
    message = bytes(range(256)) * 2
    with connect(server) as conn:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in message:
            conn.sendall(bytes([number]))
        assert receive_exactly(conn, len(message)) == message


def test_everything_at_once(server):
    message = bytes(range(256)) * (8 * MIB // 256)
    with connect(server) as conn:
        sender = threading.Thread(target=conn.sendall, args=(message,))
        sender.start()
        assert receive_exactly(conn, len(message)) == message
        sender.join()


def test_answers_are_still_sent_after_a_half_close(server):
    message = bytes(range(256)) * 1024
    with connect(server) as conn:
        conn.sendall(message)
        conn.shutdown(socket.SHUT_WR)
        assert receive_all(conn) == message


def test_answers_that_did_not_fit_are_sent_after_a_half_close(server):
    with connect(server) as conn:
        taken = fill(conn)
        closer = threading.Thread(target=conn.shutdown, args=(socket.SHUT_WR,))
        closer.start()
        assert len(receive_all(conn)) == taken
        closer.join()


def test_a_reset_before_the_first_byte(server):
    for _ in range(20):
        reset(connect(server))


def test_a_reset_with_an_answer_unread(server):
    for _ in range(20):
        conn = connect(server)
        ask(conn, b"x")
        conn.sendall(b"y" * 1000)
        reset(conn)


def test_a_reset_while_much_is_due(server):
    for _ in range(2):
        conn = connect(server)
        fill(conn)
        reset(conn)


def test_a_reset_after_a_half_close(server):
    for _ in range(20):
        conn = connect(server)
        conn.sendall(b"x" * 100_000)
        conn.shutdown(socket.SHUT_WR)
        reset(conn)


def test_a_client_that_never_reads(server):
    """The server stops taking what it cannot give back: the kernel's buffers fill, its own memory does not."""
    before = memory(server.pid)
    with connect(server) as conn:
        assert fill(conn) < 100_000_000
        assert memory(server.pid) - before < GROWTH
    wait_until(lambda: holdings(server.pid)[0] <= server.rest[0] + 1, "the end of the client that never read")


def test_a_hundred_megabytes_come_back_to_a_slow_reader(server):
    size, chunk = 100_000_000, bytes(range(250)) * 4000
    with connect(server) as conn:
        def send():
            for _ in range(size // len(chunk)):
                conn.sendall(chunk)

        sender = threading.Thread(target=send)
        sender.start()
        received = 0
        while received < size:
            expected = chunk
            assert receive_exactly(conn, len(expected)) == expected
            received += len(expected)
        sender.join()


def test_a_thousand_come_and_go(server):
    for number in range(1000):
        with connect(server) as conn:
            if number % 100 == 0:
                assert ask(conn, b"x") == b"x"


def test_a_client_that_stays_silent(server):
    with connect(server):
        if server.name != ONE_AT_A_TIME:
            with connect(server) as conn:
                assert ask(conn, b"not disturbed") == b"not disturbed"


def test_a_client_that_floods_does_not_starve_the_others(server):
    if server.name == ONE_AT_A_TIME:
        pytest.skip("it serves one at a time, as its first line says")
    with connect(server) as flood, connect(server) as conn:
        stop = threading.Event()

        def send():
            with contextlib.suppress(OSError):
                while not stop.is_set():
                    flood.sendall(bytes(MIB))

        def drain():
            with contextlib.suppress(OSError):
                while not stop.is_set():
                    flood.recv(MIB)

        threads = [threading.Thread(target=work) for work in (send, drain)]
        for thread in threads:
            thread.start()
        for number in range(50):
            assert ask(conn, b"%d" % number) == b"%d" % number
        stop.set()
        flood.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


@contextlib.contextmanager
def no_descriptors_left(server):
    wait_until(lambda: holdings(server.pid) == server.rest, "the end of the last client")
    highest = max(int(entry.name) for entry in Path(f"/proc/{server.pid}/fd").iterdir())
    before = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (highest + 1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, before)


def test_no_descriptors_left(running):
    """It says so in a sentence, does not spin, and serves again as soon as there are some."""
    if running.rest[2]:
        pytest.skip("the processes that accept have limits of their own; they accept as thread_server.py does")
    with no_descriptors_left(running), contextlib.ExitStack() as stack:
        said = re.compile("不能接受连接|拒绝一个客户端|out of system resource")
        crowd = [stack.enter_context(connect(running)) for _ in range(3)]
        crowd[0].close()                             # the one-at-a-time server turns to the next now
        wait_until(lambda: said.search(running.output), "a word about it")
        begun, said = cpu_seconds(running.pid), running.output.count("\n")
        time.sleep(1.2)                              # nothing is awaited: how much it does meanwhile is the point
        assert cpu_seconds(running.pid) - begun < 0.6, "it burns a core instead of waiting"
        assert running.output.count("\n") - said < 20, "it fills its log"
        assert "Traceback" not in running.output
    with connect(running) as conn:
        assert ask(conn, b"room again") == b"room again"
    wait_until(lambda: holdings(running.pid) == running.rest, f"{running.rest} descriptors, threads, children again")


def test_clients_that_are_silent_or_never_read_cost_no_processor_time(running):
    """Who spins gets at least a tenth of a core, however busy the machine is; who waits gets nothing."""
    with connect(running) as conn, connect(running) as deaf:
        ask(conn, b"x")
        fill(deaf)                                   # more is there to be taken, and nothing more can be given back
        before = cpu_seconds(running.pid)
        time.sleep(1)                                # nothing is awaited: that nothing happens is the point
        assert cpu_seconds(running.pid) - before < 0.05


def test_silent_connections_are_probed(running):
    """A peer that lost its power says nothing, so the kernel must ask: timer 02 of proc(5), net/tcp."""
    with connect(running) as conn:
        ask(conn, b"x")
        ours = "%s:%04X" % ("0100007F", conn.getsockname()[1])

        def probed():
            lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
            return any(line[2] == ours and line[5].startswith("02:") for line in lines)

        wait_until(probed, "a keepalive timer on the server's side of the connection")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", SERVERS + FAILURES)
def test_a_signal_ends_it_in_a_sentence_its_children_and_its_connections(name, number):
    with serve(name) as server, connect(server) as conn:
        ask(conn, b"x")
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        wait_until(lambda: waits(server.pid), "the server waits")
        os.kill(server.pid, number)
        wait_until(lambda: not server.running, "the end of the server")
        wait_until(lambda: server.output, "what it says at its end")
        assert (server.status, server.output) == (0, "服务器停止\n")
        assert conn.recv(1) == b"", "the client is told"
        assert not any(Path("/proc", pid).exists() for pid in children)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("name", [name for name in SERVERS + FAILURES if "hog" not in name])
def test_what_each_connection_inherits_from_the_listener(name, host):
    script = runpy.run_path(str(scripts.CODE / name))
    with script["listen"](host, 0) as listener, socket.create_connection(listener.getsockname()[:2]):
        listener.setblocking(True)
        conn, _ = listener.accept()
        with conn:
            assert conn.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), "a short answer does not wait for an ACK"
            assert conn.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        port = listener.getsockname()[1]
        shown = {"127.0.0.1": f"127.0.0.1:{port}", "::1": f"[::1]:{port}"}[host]
        assert script["address"](listener.getsockname()) == shown


def lost():
    """A connection whose peer has vanished: the kernel gave up (ETIMEDOUT, tcp(7)), which is no ConnectionError."""
    conn = Mock(name="conn")
    conn.recv.side_effect = OSError(errno.ETIMEDOUT, "Connection timed out")
    return conn


@pytest.mark.parametrize("name", [name for name in SERVERS + FAILURES if name not in COROUTINES])
def test_a_client_that_vanished_ends_nobody_else(name):
    echo, conn = runpy.run_path(str(scripts.CODE / name))["echo"], lost()
    clients = {conn: b""}
    stage = {"conn": conn, "clients": clients, "sockets": {conn.fileno(): conn}, "poller": Mock(), "selector": Mock()}
    asked = inspect.signature(echo).parameters
    echo(**{part: stage[part] for part in asked})
    assert clients == ({} if "clients" in asked else {conn: b""})


@pytest.mark.parametrize("name", COROUTINES)
def test_a_client_that_vanished_ends_no_other_coroutine_and_a_cancelled_one_is_cancelled(name):
    serve_one = runpy.run_path(str(scripts.CODE / name))["serve"]

    async def scene():
        reader, writer = asyncio.StreamReader(), Mock()
        reader.set_exception(OSError(errno.ETIMEDOUT, "Connection timed out"))
        await serve_one(reader, writer)
        waiting = asyncio.create_task(serve_one(asyncio.StreamReader(), Mock()))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await serve_one(asyncio.StreamReader(), writer)
        return waiting.cancelled(), writer.close.call_count

    assert run_apart(scene()) == (True, 2)


@pytest.mark.parametrize("name", SERVERS)
def test_a_bad_port_is_told_in_a_sentence(name):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for bad in (str(port), "70000"):
            result = run(name, "--port", bad, quiet=True)
            assert result.status == 1 and f"不能监听 127.0.0.1:{bad}" in result.output, result.output
