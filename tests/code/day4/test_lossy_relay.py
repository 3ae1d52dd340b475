"""day4/lossy_relay.py loses, doubles and delays datagrams, the same ones for the same seed."""

import contextlib
import re
import runpy
import signal
import socket

import pytest

from iolab.launch import run, scripts, serve
from preludes import NO_MEMORY, serve_after
from servers import udp

FATES = ["重复", "丢失", "照送", "照送", "照送", "照送", "重复", "丢失", "扣下", "照送"]  # seed 12
ARRIVE = [0, 0, 2, 3, 4, 5, 6, 6, 9, 8]


@contextlib.contextmanager
def relay_to(address, seed):
    with serve("day4/lossy_relay.py", "--to", "%s:%d" % address, "--seed", seed) as relay:
        yield relay


@pytest.fixture
def receiver():
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        one.settimeout(10)
        yield one


def send(relay, count):
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        for number in range(count):
            client.sendto(b"%d" % number, relay.address)


def test_a_seed_decides_what_arrives(receiver):
    with relay_to(receiver.getsockname(), 12) as relay:
        send(relay, 10)
        assert [int(receiver.recv(9)) for _ in ARRIVE] == ARRIVE
        relay.wait_for("\n10 ")
        assert relay.output == "".join(f"{number} {fate}\n" for number, fate in enumerate(FATES, 1))
        receiver.setblocking(False)
        with pytest.raises(BlockingIOError):
            receiver.recv(9)


def test_another_seed_decides_otherwise(receiver):
    with relay_to(receiver.getsockname(), 1) as relay:
        send(relay, 10)
        relay.wait_for("\n10 ")
        assert relay.output.split()[1::2] != FATES


def test_answers_come_back_by_the_same_way():
    with udp(bytes.upper) as address, relay_to(address, 12) as relay, socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.sendto(b"x", relay.address)
        assert client.recv(9) == b"X"


def test_each_datagram_comes_as_often_as_its_fate_says(capsys):
    road = runpy.run_path(str(scripts.find("day4/lossy_relay.py")))["Road"]("any seed")
    came = [one for number in range(500) for one in road.carry(number)]
    fates = capsys.readouterr().out.split()[1::2]
    times = {"丢失": 0, "重复": 2, "扣下": 1, "照送": 1}
    assert set(fates) == times.keys()
    still_held = next(count for count, fate in enumerate(reversed(fates)) if fate != "扣下")
    for number, fate in enumerate(fates[:len(fates) - still_held]):
        assert came.count(number) == times[fate], (number, fate)


def test_answers_go_to_the_client_that_spoke_last():
    """Seed 138 carries the first four datagrams of each way."""
    with udp(bytes.upper) as address, relay_to(address, 138) as relay:
        for question in (b"first", b"second"):
            with socket.socket(type=socket.SOCK_DGRAM) as client:
                client.settimeout(10)
                client.sendto(question, relay.address)
                assert client.recv(9) == question.upper()


@pytest.mark.parametrize("arguments", [
    ["--port", "70000"], ["--port", "x"], ["--to", "nowhere"], ["--to", "127.0.0.1:0"], ["--to", "127.0.0.1:70000"],
    ["--to", "nohost.invalid:9"], ["--to", "a..b:9"], ["--seed", "x"], ["--host", "nohost.invalid"]])
def test_bad_arguments(arguments):
    result = run("day4/lossy_relay.py", *arguments, quiet=True)
    assert result.status != 0 and arguments[1].removesuffix(":9") in result.output and "Traceback" not in result.output


def test_an_address_of_the_other_family():
    result = run("day4/lossy_relay.py", "--to", "[::1]:9", quiet=True)
    assert result.status == 1 and "中继到 ::1" in result.output and "Traceback" not in result.output


def test_what_cannot_be_sent_does_not_end_it(receiver):
    """Seed 12 doubles the first datagram: neither copy can go to this address, the relay goes on."""
    with relay_to(("240.0.0.1", 9), 12) as relay:
        send(relay, 4)
        relay.wait_for("送不到 240.0.0.1:9：", count=4)
        assert relay.output.startswith("1 重复\n送不到 240.0.0.1:9：") and relay.running


def test_an_error_of_the_network_does_not_end_it(receiver):
    with serve_after(NO_MEMORY, "day4/lossy_relay.py", "--to", "127.0.0.1:%d" % receiver.getsockname()[1],
                     "--seed", 12) as relay:
        assert relay.stdout.readline() == "暂时不能接收： no memory left\n"
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.sendto(b"0", ("127.0.0.1", int(relay.first.rpartition(":")[2])))
        assert receiver.recv(9) == b"0"


def test_what_comes_from_its_own_port_is_not_carried(receiver):
    """A forged datagram: the server's answers would go to the relay itself, and back, without end."""
    with relay_to(receiver.getsockname(), 12) as relay, socket.socket(type=socket.SOCK_DGRAM) as like_it:
        like_it.bind(("127.0.0.2", relay.port))
        like_it.sendto(b"forged", relay.address)
        send(relay, 1)
        assert receiver.recv(9) == b"0" and relay.wait_for("重复")
        assert relay.output == "1 重复\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_sigterm_ends_it_as_ctrl_c_does_over_ipv6_too(number):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("::1", 0))
        receiver.settimeout(10)
        with serve_after("", "day4/lossy_relay.py", "--host", "::1", "--seed", 12,
                         "--to", "[::1]:%d" % receiver.getsockname()[1]) as relay:
            port = int(re.fullmatch(r"listening on \[::1\]:(\d+)\n", relay.first)[1])
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as client:
                client.sendto(b"x", ("::1", port))
                data, peer = receiver.recvfrom(9)
                assert (data, peer[1]) == (b"x", port)
            relay.send_signal(number)
            output, errors = relay.communicate(timeout=10)
    assert (output, relay.returncode, errors) == ("1 重复\n中继停止\n", 0, "")


def test_without_a_reader_of_its_log_it_carries_on(receiver):
    with serve_after("", "day4/lossy_relay.py", "--to", "127.0.0.1:%d" % receiver.getsockname()[1],
                     "--seed", 12) as relay:
        relay.stdout.close()
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            for number in range(10):
                client.sendto(b"%d" % number, ("127.0.0.1", int(relay.first.rpartition(":")[2])))
        assert [int(receiver.recv(9)) for _ in ARRIVE] == ARRIVE
        relay.terminate()
        assert (relay.wait(10), relay.stderr.read()) == (0, "")


def test_the_port_is_taken(receiver):
    result = run("day4/lossy_relay.py", "--port", receiver.getsockname()[1], quiet=True)
    assert result.status == 1 and "Address already in use" in result.output and "Traceback" not in result.output
