"""Passing a descriptor, held against real sockets: every button in every state, by two tables of one process."""

import os
import socket

from iolab import diagrams
from iolab.diagrams.pass_descriptor import pointers
from iolab.model import Went

SCENE = diagrams.load("pass_descriptor")


class Passing:
    """A client that waits in the queue, two ends of a channel, and who has the connection."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.client = socket.create_connection(self.listener.getsockname())
        self.channel, self.other = socket.socketpair()
        self.other.setblocking(False)
        self.held = {"front": None, "worker": None}
        self.inode = None

    def press(self, button):
        """Press it; False if it cannot be done."""
        if button == "accept":
            self.listener.setblocking(False)
            self.held["front"], _ = self.listener.accept()
            self.inode = os.fstat(self.held["front"].fileno()).st_ino
        elif button == "send":
            socket.send_fds(self.channel, [b"!"], [self.held["front"].fileno()])
        elif button == "receive":
            free = lowest_free()
            _, [number], _, _ = socket.recv_fds(self.other, 1, 1)
            assert number == free and os.fstat(number).st_ino == self.inode
            self.held["worker"] = socket.socket(fileno=number)
        else:
            self.held["front" if button == "close" else "worker"].close()

    def ended(self):
        """Whether the client reads the end. A FIN on loopback is there as soon as close() has returned."""
        self.client.setblocking(False)
        try:
            return self.client.recv(1) == b""
        except BlockingIOError:
            return False

    def close(self):
        for one in (self.listener, self.client, self.channel, self.other, *self.held.values()):
            if one:
                one.close()


def lowest_free():
    number = os.dup(0)
    os.close(number)
    return number


def ways():
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], name)
                left.append(went.state)
    return found


def test_the_client_reads_the_end_when_nobody_points_at_the_connection():
    found = ways()
    assert len(found) == len(SCENE.states) >= 8
    for state, way in found.items():
        one = Passing()
        try:
            for name in way:
                one.press(name)
            assert one.ended() == (state[0] is not None and not pointers(state)), way
        finally:
            one.close()


def test_a_descriptor_that_is_on_its_way_keeps_the_connection_and_arrives_after_all():
    state = SCENE.start
    for name in ("accept", "send", "close"):
        state = SCENE.moves[SCENE.states.index(state)][name].state
    assert pointers(state) == 1 and state[:2] == (False, True)


def test_what_is_refused_says_why_and_what_is_said_agrees_with_the_count():
    for state, moves in zip(SCENE.states, SCENE.moves, strict=True):
        for went in moves.values():
            if isinstance(went, Went):
                assert ("FIN" in went.caption) == (not pointers(went.state)), (state, went.caption)
