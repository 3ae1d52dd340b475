"""Who gets a datagram, held against real sockets for this machine, and against a table of the RFCs for the others."""

import errno
import socket

import pytest

from iolab import diagrams
from iolab.diagrams.who_gets import ALL, GROUP, MEMBERS, ONE, got

LOOPBACK = socket.inet_aton("127.0.0.1")
THE_GROUP, EVERYBODY = "239.255.7.9", "127.255.255.255"

TABLE = {  # (to, TTL): who has it, as RFC 1112 and RFC 919 say; all but b have joined, and wait at the port
    (ONE, 1): {"a"}, (ONE, 2): {"a"}, (ALL, 1): {"own", "a"}, (ALL, 2): {"own", "a"},
    (GROUP, 0): {"own"}, (GROUP, 1): {"own", "a"}, (GROUP, 2): {"own", "a", "far"},
}


def test_the_programs_are_those_of_the_standards():
    for (target, ttl), who in TABLE.items():
        assert got(target, ttl)[0] == who
        assert got(target, ttl)[1] == ({"b"} if target == ALL else set()), "only a broadcast is looked at in vain"
    assert all(who <= set(MEMBERS) for (target, _), who in TABLE.items() if target == GROUP)


def test_the_last_view_of_each_setting_shows_who_has_it():
    scene = diagrams.load("who_gets")
    for places, views in scene.films.items():
        target, ttl = (slider.values[place] for slider, place in zip(scene.sliders, places, strict=True))
        shown = {name for name, (_, colour) in views[-1].held.items() if colour == "green"}
        assert shown == got(target, ttl)[0], (target, ttl)


@pytest.fixture
def receiver():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("", 0))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(THE_GROUP) + LOOPBACK)
        sock.settimeout(5)
        yield sock


@pytest.mark.parametrize(("target", "ttl"), [(GROUP, 0), (GROUP, 1), (GROUP, 2), (ALL, 1)])
def test_this_machine_s_own_program_gets_what_goes_to_the_group_and_to_all(target, ttl, receiver):
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, LOOPBACK)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, ttl)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.sendto(b"x", (THE_GROUP if target == GROUP else EVERYBODY, receiver.getsockname()[1]))
    assert receiver.recv(10) == b"x" and "own" in got(target, ttl)[0]


def test_only_a_group_may_have_a_ttl_of_none():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        with pytest.raises(OSError) as told:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 0)
        assert told.value.errno == errno.EINVAL
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
    assert got(ONE, 0) == got(ALL, 0) == (set(), set())
