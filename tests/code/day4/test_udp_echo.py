"""day4/udp_server.py and day4/udp_client.py as a reader runs them: real processes, real datagrams."""

import contextlib
import socket
import threading

import pytest

import servers
from iolab.launch import run, serve


@pytest.fixture
def server():
    with serve("day4/udp_server.py") as server:
        yield server


@contextlib.contextmanager
def datagram_socket(host="127.0.0.1"):
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.bind((host, 0))
        one.settimeout(10)
        yield one


def client(port, *args, **options):
    return run("day4/udp_client.py", "--port", port, *args, quiet=True, **options)


@pytest.mark.parametrize("message", [b"", b"x", "你好".encode(), bytes(range(256)), b"x" * 65507], ids=len)
def test_each_datagram_comes_back_whole(server, message):
    with datagram_socket() as sock:
        sock.sendto(message, server.address)
        assert sock.recvfrom(65535) == (message, server.address)


def test_it_serves_clients_in_any_order(server):
    with datagram_socket() as first, datagram_socket() as second:
        for _ in range(3):
            second.sendto(b"second", server.address)
            first.sendto(b"first", server.address)
            assert (first.recv(100), second.recv(100)) == (b"first", b"second")


def test_it_prints_who_sent_what(server):
    with datagram_socket() as sock:
        sock.sendto("你好".encode(), server.address)
        output = server.wait_for("字节")
        assert output == f"127.0.0.1:{sock.getsockname()[1]} 发来 6 字节：'你好'\n"


def test_what_a_stranger_sends_cannot_paint_the_terminal(server):
    with datagram_socket() as sock:
        sock.sendto(b"\xff\x1b[31m", server.address)
        assert r"'\\xff\x1b[31m'" in server.wait_for("字节")
        assert sock.recv(100) == b"\xff\x1b[31m"


def test_a_client_that_has_gone_does_not_end_it(server):
    for _ in range(20):
        with datagram_socket() as gone:
            gone.sendto(b"bye", server.address)
    with datagram_socket() as sock:
        sock.sendto(b"still there", server.address)
        assert sock.recv(100) == b"still there"


def test_the_client_shows_each_answer(server):
    result = client(server.port, input="你好\n\n再见\n")
    assert (result.status, result.output) == (0, "收到 你好\n收到 \n收到 再见\n客户端结束\n")


def test_nobody_answers():
    with datagram_socket() as silent:
        result = client(silent.getsockname()[1], "--timeout", "0.1", input="一\n二\n")
    assert (result.status, result.output) == (0, "0.1 秒内没有回答\n" * 2 + "客户端结束\n")


def test_a_datagram_too_long(server):
    assert client(server.port, input="x" * 65507).output == "收到 " + "x" * 65507 + "\n客户端结束\n"
    result = client(server.port, input="x" * 65508)
    assert result.status == 1 and "Message too long" in result.output and "Traceback" not in result.output


def test_an_answer_that_is_not_utf8():
    with servers.udp(lambda data: b"\xe4\xbd\xa0\xff") as address:
        assert client(address[1], input="你好\n").output == "收到 你\\xff\n客户端结束\n"


def test_the_port_is_taken(server):
    result = run("day4/udp_server.py", "--port", server.port, quiet=True)
    assert result.status == 1 and f"不能绑定 127.0.0.1:{server.port}" in result.output


@pytest.mark.parametrize("port", ["70000", "-1", "x"])
def test_a_bad_port(port):
    for script in ("day4/udp_server.py", "day4/udp_client.py"):
        result = run(script, "--port", port, input="hello\n", quiet=True)
        assert result.status != 0 and port in result.output and "Traceback" not in result.output


def test_a_bad_timeout(server):
    result = client(server.port, "--timeout", "-1", input="hello\n")
    assert result.status == 1 and "通信失败" in result.output and "Traceback" not in result.output


def test_an_address_of_another_machine():
    result = run("day4/udp_server.py", "--host", "192.0.2.1", quiet=True)
    assert result.status == 1 and "不能绑定 192.0.2.1:9000" in result.output


def test_a_thousand_datagrams_from_four_clients_leave_it_alive(server):
    def flood():
        with datagram_socket() as sock:
            for number in range(250):
                sock.sendto(b"%d" % number, server.address)

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client(server.port, input="你好\n").output.endswith("客户端结束\n")
    assert server.running
