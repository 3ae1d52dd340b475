"""day4/tcp_server.py and day4/tcp_client.py as a reader runs them: real processes, a real socket."""

import contextlib
import os
import re
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import servers
from iolab.launch import run, scripts, serve
from preludes import ABORTED, DROPS, VANISHED, run_after, serve_after
from processes import listens, wait_until


@pytest.fixture
def server():
    with serve("day4/tcp_server.py") as server:
        yield server


def connect(server):
    return socket.create_connection(server.address, timeout=10)


def receive_all(conn):
    data = b""
    while piece := conn.recv(65536):
        data += piece
    return data


def test_every_byte_comes_back(server):
    message = bytes(range(256)) * 40
    with connect(server) as conn:
        conn.sendall(message)
        conn.shutdown(socket.SHUT_WR)
        assert receive_all(conn) == message


def test_the_client_shows_each_answer(server):
    result = run("day4/tcp_client.py", "--port", server.port, input="你好\n\n再见\n", quiet=True)
    assert (result.status, result.output) == (0, "收到 你好\n收到 \n收到 再见\n连接关闭\n")
    server.wait_for("离开")


def test_a_long_line_comes_back_whole(server):
    result = run("day4/tcp_client.py", "--port", server.port, input="字" * 100_000 + "\n", quiet=True)
    assert result.output == "收到 " + "字" * 100_000 + "\n连接关闭\n"


def test_the_second_client_waits_for_the_first_to_leave(server):
    with connect(server) as first, connect(server) as second:
        second.sendall(b"second")
        first.sendall(b"first")
        assert first.recv(100) == b"first"
        second.settimeout(0.3)
        with pytest.raises(TimeoutError):
            second.recv(100)
        first.close()
        second.settimeout(10)
        assert second.recv(100) == b"second"


def test_a_reset_does_not_end_the_server(server):
    with connect(server) as conn:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    server.wait_for("中断：ConnectionResetError")
    with connect(server) as conn:
        conn.sendall(b"still there")
        assert conn.recv(100) == b"still there"


def test_a_client_that_never_reads_is_told_of_when_it_goes(server):
    with connect(server) as conn:
        conn.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                conn.send(b"x" * 65536)
    server.wait_for("中断")
    assert server.running


def test_the_port_is_taken(server):
    result = run("day4/tcp_server.py", "--port", server.port, quiet=True)
    assert result.status == 1 and f"不能监听 127.0.0.1:{server.port}" in result.output


@pytest.mark.parametrize("port", ["70000", "-1", "x"])
def test_a_bad_port(port):
    for script in ("day4/tcp_server.py", "day4/tcp_client.py"):
        result = run(script, "--port", port, input="", quiet=True)
        assert result.status != 0 and port in result.output and "Traceback" not in result.output


def test_an_address_of_another_machine():
    result = run("day4/tcp_server.py", "--host", "192.0.2.1", quiet=True)
    assert result.status == 1 and "不能监听 192.0.2.1:9000" in result.output


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    result = run("day4/tcp_client.py", "--port", port, input="你好\n", quiet=True)
    assert result.status == 1 and "通信失败" in result.output and "refused" in result.output


def test_the_server_leaves_in_the_middle_of_an_answer():
    with servers.tcp(lambda conn: conn.sendall(conn.recv(100)[:3])) as (_, port):
        result = run("day4/tcp_client.py", "--port", port, input="你好\n", quiet=True)
    assert result.status == 1 and "对方离开了，只收到 3/6 字节" in result.output


def test_the_client_and_the_server_drop_by_drop():
    with serve_after(DROPS, "day4/tcp_server.py") as server:
        port = server.first.strip().rpartition(":")[2]
        ended = run_after(DROPS, "day4/tcp_client.py", "--port", port, input="你好\nabc\n")
    assert (ended.returncode, ended.stdout) == (0, "收到 你好\n收到 abc\n连接关闭\n")


@pytest.mark.parametrize("error", ["ETIMEDOUT", "EHOSTUNREACH", "ENETDOWN", "ECONNRESET"])
def test_a_client_that_vanishes_does_not_end_the_server(error):
    with serve_after(VANISHED % error, "day4/tcp_server.py") as server:
        address = "127.0.0.1", int(server.first.rpartition(":")[2])
        with socket.create_connection(address, timeout=10) as conn:
            assert conn.recv(1) == b""
        with socket.create_connection(address, timeout=10) as conn:
            conn.sendall(b"still there")
            assert conn.recv(100) == b"still there"
        assert "到来" in server.stdout.readline() and "中断：" in server.stdout.readline()


@pytest.mark.parametrize("error", ["ECONNABORTED", "EMFILE"])
def test_a_failed_accept_does_not_end_the_server(error):
    with serve_after(ABORTED % error, "day4/tcp_server.py") as server:
        with socket.create_connection(("127.0.0.1", int(server.first.rpartition(":")[2])), timeout=10) as conn:
            conn.sendall(b"x")
            assert conn.recv(1) == b"x"
        assert server.stdout.readline() == "暂时不能接受连接： the connection is gone\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_sigterm_ends_it_as_ctrl_c_does_and_tells_its_client(host):
    where = f"[{host}]" if ":" in host else host
    for number in (signal.SIGTERM, signal.SIGINT):
        with serve_after("", "day4/tcp_server.py", "--host", host) as server:
            port = int(re.fullmatch(rf"listening on {re.escape(where)}:(\d+)\n", server.first)[1])
            with socket.create_connection((host, port), timeout=10) as conn:
                conn.sendall(b"x")
                assert conn.recv(1) == b"x"
                server.send_signal(number)
                assert conn.recv(1) == b""
                output, errors = server.communicate(timeout=10)
                assert output == f"{where}:{conn.getsockname()[1]} 到来\n服务器停止\n"
        assert (server.returncode, errors) == (0, "")


def test_the_client_speaks_ipv6_too():
    with serve_after("", "day4/tcp_server.py", "--host", "::1") as server:
        port = server.first.strip().rpartition(":")[2]
        result = run("day4/tcp_client.py", "--host", "::1", "--port", port, input="你好\n", quiet=True)
        assert (result.status, result.output) == (0, "收到 你好\n连接关闭\n")


def test_sigterm_ends_the_client():
    with servers.tcp(servers.echo) as (_, port), client(port) as process:
        process.stdin.write(b"x\n")
        process.stdin.flush()
        assert process.stdout.readline() == "收到 x\n".encode()
        process.terminate()
        assert process.stdout.read() == "客户端停止\n".encode()
    assert process.returncode == 0


def client(port, **environment):
    script = scripts.find("day4/tcp_client.py")
    return subprocess.Popen([sys.executable, script, "--port", str(port)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | environment)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("😀".encode(), r"\U0001f600"),                       # what this terminal's code has not
        (b"\x1b[2J", r"'\x1b[2J'"),                          # what would clear the reader's screen
        (b"\xff\xfe", r"\xff\xfe"),                         # what is no UTF-8
        ("甲".encode(), "甲"),
    ],
)
def test_whatever_comes_from_the_server_is_shown_and_harmless(sent, shown):
    with servers.tcp(lambda conn: conn.sendall(conn.recv(100) and sent)) as (_, port), client(
        port, PYTHONIOENCODING="gbk"
    ) as process:
        output, _ = process.communicate(b"x" * len(sent) + b"\n", timeout=10)
    assert (process.returncode, output.decode("gbk")) == (0, f"收到 {shown}\n连接关闭\n")


def test_without_a_reader_the_client_ends_quietly(server):
    """Like `yes | tcp_client.py | head -1`."""
    with client(server.port) as process:
        process.stdin.write(b"one\n")
        process.stdin.flush()
        assert process.stdout.readline() == "收到 one\n".encode()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(b"two\n")
            process.stdin.flush()
        assert (process.wait(10), process.stderr.read()) == (0, b"")


def test_input_that_is_no_text_does_not_end_the_client(server):
    with client(server.port, PYTHONIOENCODING="utf-8") as process:
        output, _ = process.communicate(b"\xff\nyes\n", timeout=10)
    assert (process.returncode, output.decode()) == (0, "收到 \\xff\n收到 yes\n连接关闭\n")


def test_without_a_reader_of_its_log_it_serves_on():
    """Like `tcp_server.py | head -1`."""
    with serve_after("", "day4/tcp_server.py") as server:
        server.stdout.close()
        serves_on_and_ends_well(server, int(server.first.rpartition(":")[2]))


def test_with_a_full_disk_under_its_log_it_serves_on():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Path("/dev/full").open("w") as full, serve_after(
        "", "day4/tcp_server.py", "--port", port, stdout=full
    ) as server:
        wait_until(lambda: listens(port), "the server listens")
        serves_on_and_ends_well(server, port)


def serves_on_and_ends_well(server, port):
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as conn:
            conn.sendall(b"x")
            assert conn.recv(1) == b"x"
    server.terminate()
    assert (server.stderr.read(), server.wait(10)) == ("", 0)
