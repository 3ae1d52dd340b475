"""day4/lossy_relay.py loses, doubles and delays datagrams, the same ones for the same seed."""

import contextlib
import socket

import pytest

from iolab.launch import run, serve
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


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port", "x"], ["--to", "nowhere"], ["--seed", "x"]])
def test_bad_arguments(arguments):
    result = run("day4/lossy_relay.py", *arguments, quiet=True)
    assert result.status != 0 and arguments[1] in result.output and "Traceback" not in result.output


def test_the_port_is_taken(receiver):
    result = run("day4/lossy_relay.py", "--port", receiver.getsockname()[1], quiet=True)
    assert result.status == 1 and "Address already in use" in result.output and "Traceback" not in result.output
