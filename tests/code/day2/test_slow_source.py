"""day2/slow_source.py sends its lines with pauses, outlives a client that leaves, and says why it cannot listen."""

import resource
import signal
import socket
import subprocess
import sys
import time

import pytest

from iolab.launch import run, scripts, serve


def test_lines_come_with_pauses():
    with serve("day2/slow_source.py", "--lines", 3, "--delay", 0.1) as server:
        begun = time.monotonic()
        with socket.create_connection(server.address, timeout=10) as conn, conn.makefile(encoding="utf-8") as lines:
            assert list(lines) == ["第 1 行\n", "第 2 行\n", "第 3 行\n"]
        assert time.monotonic() - begun >= 0.3


def test_a_client_that_leaves_does_not_end_it():
    with serve("day2/slow_source.py", "--lines", 50, "--delay", 0.01) as server:
        socket.create_connection(server.address).close()
        server.wait_for("客户端提前离开")
        with socket.create_connection(server.address, timeout=10) as conn:
            assert conn.recv(100).startswith("第 1 行".encode())


def test_a_client_that_resets_does_not_end_it():
    with serve("day2/slow_source.py", "--lines", 3, "--delay", 0.01) as server:
        with socket.create_connection(server.address) as conn:
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        with socket.create_connection(server.address, timeout=10) as conn:
            assert conn.recv(100).startswith("第 1 行".encode())


def test_out_of_descriptors_it_waits():
    with serve("day2/slow_source.py", "--lines", 1) as server:
        soft, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (4, hard))
        with socket.create_connection(server.address, timeout=10) as conn:
            server.wait_for("客户端提前离开")
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (soft, hard))
            assert conn.recv(100) == "第 1 行\n".encode()


def test_the_reader_of_its_output_goes_away():
    command = [sys.executable, "-X", "utf8", str(scripts.find("day2/slow_source.py")), "--port", "0", "--delay", "0.01"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            port = int(process.stdout.readline().rpartition(b":")[2])
            process.stdout.close()
            for _ in range(3):
                with socket.create_connection(("127.0.0.1", port)) as conn:
                    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            with socket.create_connection(("127.0.0.1", port), timeout=10) as conn:
                assert conn.recv(100).startswith("第 1 行".encode())
            process.send_signal(signal.SIGTERM)
            assert (process.wait(15), process.stderr.read()) == (0, b"")
        finally:
            process.kill()


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port", "x"], ["--delay", "soon"], ["--lines", "1.5"]])
def test_bad_arguments(arguments):
    result = run("day2/slow_source.py", *arguments, quiet=True)
    assert result.status != 0 and arguments[1] in result.output and "Traceback" not in result.output


def test_the_port_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = run("day2/slow_source.py", "--port", listener.getsockname()[1], quiet=True)
    assert result.status == 1 and "不能监听" in result.output
