"""day4/tcp_server.py and day4/tcp_client.py as a reader runs them: real processes, a real socket."""

import socket
import struct

import pytest

from iolab.launch import run, serve


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
    with socket.create_server(("127.0.0.1", 0)) as listener:
        import threading

        def half():
            conn, _ = listener.accept()
            with conn:
                conn.sendall(conn.recv(100)[:3])

        thread = threading.Thread(target=half)
        thread.start()
        result = run("day4/tcp_client.py", "--port", listener.getsockname()[1], input="你好\n", quiet=True)
        thread.join()
    assert result.status == 1 and "对方离开了，只收到 3/6 字节" in result.output
