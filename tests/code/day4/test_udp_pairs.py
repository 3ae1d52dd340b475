"""The broken UDP scripts of day4 fail as their first line says; the fixed ones do not, and would without their cure."""

import runpy
import socket
import threading

import pytest

from iolab.launch import run, scripts, show
from preludes import output_without
from servers import udp

OUTPUT = {
    "udp_cut_broken": "收到： 转账 100\n收到： 余额\n",
    "udp_cut_fixed": "收到： 转账 10000 元\n收到： 余额\n",
    "udp_empty_broken": "服务过的数据报： []\n",
    "udp_empty_fixed": "服务过的数据报： ['', '你好']\n",
    "udp_wait_broken": "客户端还停在 recvfrom\n",
    "udp_wait_fixed": "问到第 2 次，得到回答 12:00\n",
}


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day4/{name}.py", quiet=True)
    assert (result.status, result.output) == (0, OUTPUT[name])


@pytest.mark.parametrize("name", OUTPUT)
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day4/{name}.py").source.startswith(expected)


# What makes the difference in each fixed script, and the script without it.
CURES = {
    "udp_cut_fixed": {"size=65535": "size=10"},
    "udp_empty_fixed": {"served.append(": "if not data: break\n        served.append("},
    "udp_wait_fixed": {"sock.settimeout(0.5)": "pass"},
}


@pytest.mark.parametrize("name", CURES)
def test_without_its_cure_it_fails(name, tmp_path):
    assert output_without(CURES[name], f"day4/{name}.py", tmp_path) != OUTPUT[name]


def functions(name):
    return runpy.run_path(str(scripts.find(f"day4/{name}.py")))


def test_a_datagram_that_was_cut_is_no_message():
    receive = functions("udp_cut_fixed")["receive"]
    with bound() as receiver, bound() as client:
        for message in (b"0123456789", b"0123456789x", b""):
            client.sendto(message, receiver.getsockname())
        assert receive(receiver, 10) == "0123456789"
        with pytest.raises(ValueError, match="比 10 字节长"):
            receive(receiver, 10)
        assert receive(receiver, 10) == ""


def test_only_the_one_who_was_asked_is_heard():
    ask, stranger = functions("udp_wait_fixed")["ask"], bound()
    with bound() as server, stranger:
        def work():
            _, peer = server.recvfrom(100)
            stranger.sendto(b"lie", peer)
            server.sendto(b"truth", peer)

        thread = threading.Thread(target=work)
        thread.start()
        assert ask(server.getsockname(), "?") == "问到第 1 次，得到回答 truth"
        thread.join()


def test_it_asks_so_many_times_and_then_says_that_nobody_answered():
    asked = []
    with udp(asked.append) as address, pytest.raises(TimeoutError, match="问了 3 次"):
        functions("udp_wait_fixed")["ask"](address, "?", tries=3)
    assert asked == [b"?"] * 3


def bound():
    sock = socket.socket(type=socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(10)
    return sock
