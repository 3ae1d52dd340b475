"""Thirty students in one room, one of them hostile: the other twenty-nine miss nothing. A minute of it in a soak."""

import contextlib
import itertools
import random
import socket
import sys
import threading
import time

import pytest

from chat_peer import Client, losses
from hostile import receive_exactly, reset
from iolab.launch import serve
from iolab.wire import Conversation
from processes import wait_until
from soak import amount

WORD, SECONDS, STUDENTS = "芝麻开门", amount(3, 60), 29
HOSTILE = "127.0.0.66"   # his own address; the limits are one address's
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.66 is loopback only on Linux")


@pytest.fixture(scope="module")
def room():
    """The room as a teacher opens it, on this machine, for thirty students of whom twenty-nine have one address."""
    options = f"--word {WORD} --students 59 --per-address {STUDENTS}".split()
    with serve("iolab.classroom", *options, command=[sys.executable, "-m", "iolab.classroom"]) as server:
        yield server


class Hostile:
    """Does all at once what no student should, until the end of `with`; `done` counts what he did."""

    def __init__(self, address):
        self.address, self.done, self._stop = address, {}, threading.Event()
        self._threads = [threading.Thread(target=self._again, args=(way,)) for way in
                         (self.drips, self.floods, self.never_reads, self.guesses, self.shouts, self.talks, self.opens)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _again(self, way):
        while not self._stop.is_set():
            with contextlib.suppress(OSError):
                way()
            self.done[way.__name__] = self.done.get(way.__name__, 0) + 1
            self._stop.wait(0.05)

    def _tcp(self):
        return socket.create_connection(self.address, timeout=2, source_address=(HOSTILE, 0))

    def _udp(self):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((HOSTILE, 0))
        sock.connect(self.address)
        sock.setblocking(False)
        return sock

    def drips(self):
        """One byte a second, and no end of the line; then half of it closed, and no word more."""
        with self._tcp() as conn:
            for _ in range(3):
                conn.send(b"x")
                self._stop.wait(1)
            conn.shutdown(socket.SHUT_WR)
            self._stop.wait(2)

    def floods(self):
        """Megabytes without a line; an RST when nobody takes them."""
        conn = self._tcp()
        conn.settimeout(0.3)
        with contextlib.suppress(OSError):
            for _ in range(20):
                conn.sendall(b"\xff" * 1_000_000)
        reset(conn)

    def never_reads(self):
        """Comes in by the word, sends as much as it goes, and reads nothing."""
        with self._tcp() as conn:
            conn.sendall(f"{WORD} 坏人\n".encode())
            conn.settimeout(0.5)
            with contextlib.suppress(OSError):
                while not self._stop.is_set():
                    conn.sendall(bytes(65536))

    def guesses(self):
        """Another word, and another; and names that would write on screens."""
        for line in ("1234 坏人", WORD, f"{WORD} \x1b[2J", f"{WORD} {'长' * 30}", "\n"):
            with self._tcp() as conn:
                conn.sendall(f"{line}\n".encode())
                conn.recv(1000)

    def shouts(self):
        """Datagrams as fast as they go, of all kinds, for a tenth of each second."""
        with self._udp() as sock:
            kinds = [b"", b"\xff" * 1400, b"JOIN 1 1234 x", b"SAY 1 hi", b"OK 1 1", b"JOIN 1 " + b"y" * 900]
            until = time.monotonic() + 0.1
            for data in itertools.cycle(kinds):
                with contextlib.suppress(BlockingIOError):
                    sock.send(data)
                if time.monotonic() > until:
                    break
        self._stop.wait(0.9)

    def talks(self):
        """Joins the chat, and then says things without waiting for an answer."""
        with self._udp() as sock:
            sock.send(f"JOIN 1 {WORD} 坏人{random.randrange(1000)}".encode())
            for number in range(2, 2000):
                with contextlib.suppress(BlockingIOError):
                    sock.send(f"SAY {number} {'吵' * 20}".encode())
                if self._stop.is_set():
                    break

    def opens(self):
        """Many connections that say nothing."""
        held = []
        with contextlib.suppress(OSError):
            for _ in range(100):
                held.append(self._tcp())
        self._stop.wait(1)
        for conn in held:
            reset(conn)


class Echoer(threading.Thread):
    """A student with the book's sender: says a line again and again, and every one comes back, soon."""

    def __init__(self, address, number):
        super().__init__()
        self.name, self.sent, self.slowest, self.problem, self.stop = f"学生{number}", 0, 0, None, threading.Event()
        self.address = address

    def run(self):
        try:
            with Conversation(*self.address) as conversation:
                conversation.connect()
                self._ask(conversation, f"{WORD} {self.name}")
                while not self.stop.wait(0.3):
                    self._ask(conversation, f"{self.name} 说第 {self.sent} 句")
        except Exception as error:
            self.problem = repr(error)

    def _ask(self, conversation, line):
        begun, before = time.monotonic(), conversation.log.received
        self.sent += conversation.send(line, framing="newline")
        with conversation.log.changed:
            assert conversation.log.changed.wait_for(lambda: conversation.log.received >= self.sent, 10), (
                f"{conversation.log.received} of {self.sent} bytes came back")
        assert before <= conversation.log.received == self.sent
        self.slowest = max(self.slowest, time.monotonic() - begun)


def test_twenty_nine_students_miss_nothing(room, tmp_path):
    with contextlib.ExitStack() as stack:
        names = [f"学生{number}" for number in range(STUDENTS)]
        students = [stack.enter_context(Client(room.address, tmp_path, f"{WORD} {name}")) for name in names]
        for student in students:
            student.sees("（你进入了聊天室）", timeout=30)
        echoers = [Echoer(room.address, number) for number in range(STUDENTS)]
        hostile = stack.enter_context(Hostile(room.address))
        for one in echoers:
            one.start()
        end, said = time.monotonic() + SECONDS, []
        for turn in itertools.count():
            for student, name in zip(students, names, strict=True):
                student.types(f"{name}的第{turn}句")
                said.append(f"{name}：{name}的第{turn}句")
            time.sleep(2)
            if time.monotonic() > end:
                break
        for one in echoers:
            one.stop.set()
        for one in echoers:
            one.join()
        assert [one.problem for one in echoers if one.problem] == []
        assert max(one.slowest for one in echoers) < 2
        for student, name in zip(students, names, strict=True):
            own = [line for line in said if not line.startswith(f"{name}：")]
            wait_until(lambda: all(f"{line}\n" in student.screen for line in own),  # noqa: B023
                       f"every line of the others on the screen of {name}", 20)
        assert sum(losses(student.screen) for student in students) == 0
        assert all("\x1b" not in student.screen for student in students)
        assert len(hostile.done) >= 6, hostile.done
        print(f"{STUDENTS} students, {SECONDS} s: {len(said)} lines to each, slowest echo "
              f"{max(one.slowest for one in echoers) * 1000:.0f} ms, hostile {hostile.done}")
    assert room.running


def test_the_room_is_empty_and_open_again_afterwards(room):
    with socket.create_connection(room.address, timeout=5) as conn:
        hello = f"{WORD} 晚来的\n".encode()
        conn.sendall(hello)
        assert receive_exactly(conn, len(hello)) == hello
