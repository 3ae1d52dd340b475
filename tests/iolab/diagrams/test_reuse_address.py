"""Who may bind, held against real sockets: every button in every state, but for the minute that nobody waits."""

import contextlib
import errno
import socket
from functools import partial

import pytest

from iolab import diagrams
from iolab.diagrams.reuse_address import TAKEN
from iolab.model import Went
from processes import wait_until

SCENE = diagrams.load("reuse_address")


class Port:
    """A real port of its own, a server and a client."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as one:
            self.address = one.getsockname()
        self.listener = self.client = self.conn = None

    def press(self, button):
        """Raise OSError where the kernel refuses."""
        if button in ("plain", "reuse"):
            made = socket.socket()
            try:
                if button == "reuse":
                    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                made.bind(self.address)
                made.listen()
            except OSError:
                made.close()
                raise
            self.listener = made
        elif button == "connect":
            self.client = socket.create_connection(self.address, timeout=5)
            self.conn, _ = self.listener.accept()
        elif button == "stop":
            if self.conn:
                self.conn.close()
                assert self.client.recv(1) == b""
                self.client.close()
            self.listener.close()
            self.listener = self.conn = self.client = None
        elif button == "client":
            self.client.close()
            assert self.conn.recv(1) == b""
            self.conn.close()
            self.conn = self.client = None

    def is_in(self, wanted):
        """Whether the sockets whose near end is at the port are in these states (proc_pid_net(5))."""
        port = f":{self.address[1]:04X}"
        with open("/proc/net/tcp") as table:
            rows = [line.split() for line in table.readlines()[1:]]
        return sorted(row[3] for row in rows if row[1].endswith(port)) == sorted(wanted)

    def close(self):
        for one in (self.client, self.conn, self.listener):
            with contextlib.suppress(AttributeError):
                one.close()


def ways():
    """For each state the buttons that lead there, without waiting a minute."""
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if name != "minute" and isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], name)
                left.append(went.state)
    return found


WAYS = ways()
LISTEN, TIME_WAIT, ESTABLISHED = "0A", "06", "01"


@pytest.mark.parametrize(("state", "way"), WAYS.items())
def test_a_real_port_is_in_the_same_state_and_refuses_the_same(state, way):
    for name, went in SCENE.moves[SCENE.states.index(state)].items():
        asks = name in ("plain", "reuse") or (name == "connect" and state[0] is None)
        if not asks and not isinstance(went, Went):
            continue                # the picture's own limits: nothing to press there
        if name == "minute":
            continue
        port = Port()
        try:
            for before in way:
                port.press(before)
            wanted = {LISTEN} if state[0] is not None else set()
            wanted |= {"up": {ESTABLISHED}, "wait": {TIME_WAIT}, None: set()}[state[1]]
            wait_until(partial(port.is_in, wanted), f"{wanted} after {way}")
            if isinstance(went, Went):
                port.press(name)
            else:
                with pytest.raises(OSError) as refused:
                    port.press(name)
                assert went.startswith(TAKEN) == (refused.value.errno == errno.EADDRINUSE)
                assert ("Refused" in went) == (refused.value.errno == errno.ECONNREFUSED)
        finally:
            port.close()


def test_a_minute_ends_time_wait_and_nothing_else():
    for state, moves in zip(SCENE.states, SCENE.moves, strict=True):
        went = moves["minute"]
        assert isinstance(went, Went) == (state[1] == "wait")
        if isinstance(went, Went):
            assert went.state[0] == state[0] and went.state[1] is None
