"""day4/udp_server.py and day4/udp_client.py as a reader runs them: real processes, real datagrams."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading

import pytest

import servers
from iolab.launch import run, scripts, serve
from preludes import NO_MEMORY, serve_after


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_sigterm_ends_it_as_ctrl_c_does(host, number):
    where = f"[{host}]" if ":" in host else host
    with serve_after("", "day4/udp_server.py", "--host", host) as server:
        port = int(re.fullmatch(rf"listening on {re.escape(where)}:(\d+)\n", server.first)[1])
        result = run("day4/udp_client.py", "--host", host, "--port", port, input="你好\n", quiet=True)
        assert (result.status, result.output) == (0, "收到 你好\n客户端结束\n")
        server.send_signal(number)
        output, errors = server.communicate(timeout=10)
    assert re.fullmatch(rf"{re.escape(where)}:\d+ 发来 6 字节：'你好'\n服务器停止\n", output)
    assert (server.returncode, errors) == (0, "")


def test_it_does_not_answer_its_own_port(server):
    """What comes from its own address, forged, would be answered to itself without end."""
    with socket.socket(type=socket.SOCK_DGRAM) as like_it, datagram_socket() as other:
        like_it.bind(("127.0.0.2", server.port))
        like_it.sendto(b"forged", server.address)
        other.sendto(b"true", server.address)
        assert other.recv(100) == b"true"
        like_it.setblocking(False)
        with pytest.raises(BlockingIOError):
            like_it.recv(100)
    assert server.wait_for("不回答").count("不回答") == 1


def test_an_error_of_the_network_does_not_end_it():
    with serve_after(NO_MEMORY, "day4/udp_server.py") as server:
        assert server.stdout.readline() == "暂时不能接收： no memory left\n"
        answers(server)


def test_an_answer_that_cannot_be_sent_does_not_end_it():
    with serve_after("""
import errno, socket
plain = socket.socket.__base__
def sendto(s, data, address):
    socket.socket.sendto = plain.sendto
    raise OSError(errno.ENETUNREACH, "no way")
socket.socket.sendto = sendto
""", "day4/udp_server.py") as server, datagram_socket() as sock:
        sock.sendto(b"lost", ("127.0.0.1", int(server.first.rpartition(":")[2])))
        assert "发来 4 字节" in server.stdout.readline() and "没有发出" in server.stdout.readline()
        answers(server)


def answers(server):
    with datagram_socket() as sock:
        sock.sendto(b"still there", ("127.0.0.1", int(server.first.rpartition(":")[2])))
        assert sock.recv(100) == b"still there"


def test_without_a_reader_of_its_log_it_serves_on():
    """Like `udp_server.py | head -1`."""
    with serve_after("", "day4/udp_server.py") as server:
        server.stdout.close()
        for _ in range(3):
            answers(server)
        server.terminate()
        assert (server.wait(10), server.stderr.read()) == (0, "")


def start(script, *args, **environment):
    return subprocess.Popen([sys.executable, scripts.find(script), *map(str, args)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=os.environ | {"NO_COLOR": "1"} | environment)


def test_what_the_terminals_code_has_not_does_not_end_it():
    with start("day4/udp_server.py", "--port", 0, PYTHONIOENCODING="gbk") as server, datagram_socket() as sock:
        address = "127.0.0.1", int(server.stdout.readline().rpartition(b":")[2])
        for text in ("😀", "한국", "你好"):
            sock.sendto(text.encode(), address)
            assert sock.recv(100) == text.encode()
        lines = [server.stdout.readline().decode("gbk").rpartition("：")[2] for _ in range(3)]
        server.terminate()
        assert lines == ["'\\U0001f600'\n", "'\\ud55c\\uad6d'\n", "'你好'\n"] and server.wait(10) == 0


@pytest.mark.parametrize(("sent", "shown"), [
    ("😀".encode(), r"\U0001f600"),                          # what this terminal's code has not
    (b"\x1b[2J", r"'\x1b[2J'"),                             # what would clear the reader's screen
    ("甲".encode(), "甲"),
])
def test_whatever_comes_from_the_server_is_shown_and_harmless(sent, shown):
    with servers.udp(lambda _: sent) as (_, port), start(
            "day4/udp_client.py", "--port", port, PYTHONIOENCODING="gbk") as process:
        output, _ = process.communicate(b"x\n", timeout=10)
    assert (process.returncode, output.decode("gbk")) == (0, f"收到 {shown}\n客户端结束\n")


def test_input_that_is_no_text_does_not_end_the_client(server):
    with start("day4/udp_client.py", "--port", server.port, PYTHONIOENCODING="utf-8") as process:
        output, _ = process.communicate(b"\xff\nyes\n", timeout=10)
    assert (process.returncode, output.decode()) == (0, "收到 \\xff\n收到 yes\n客户端结束\n")


def test_sigterm_ends_the_client(server):
    with start("day4/udp_client.py", "--port", server.port, "--timeout", 60) as process:
        process.stdin.write(b"x\n")
        process.stdin.flush()
        assert process.stdout.readline() == "收到 x\n".encode()
        process.terminate()
        assert (process.stdout.read(), process.wait(10)) == ("客户端停止\n".encode(), 0)


def test_without_a_reader_the_client_ends_quietly(server):
    """Like `yes | udp_client.py | head -1`."""
    with start("day4/udp_client.py", "--port", server.port) as process:
        process.stdin.write(b"one\n")
        process.stdin.flush()
        assert process.stdout.readline() == "收到 one\n".encode()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(b"two\n")
            process.stdin.flush()
        assert (process.wait(10), process.stderr.read()) == (0, b"")


def test_a_name_of_no_machine():
    for script in ("day4/udp_server.py", "day4/udp_client.py"):
        for host in ("nohost.invalid", "a..b"):
            result = run(script, "--host", host, input="hello\n", quiet=True)
            assert result.status == 1 and host in result.output and "Traceback" not in result.output
