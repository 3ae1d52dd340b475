"""Clients of an echo server that do what no polite client does, and one polite client that must never notice."""

import contextlib
import os
import socket
import struct
import threading
import time
from pathlib import Path

PATIENCE = 20  # seconds that a client waits for one answer


def connect(server):
    return socket.create_connection(server.address, timeout=PATIENCE)


def receive_exactly(conn, size):
    data = bytearray()
    while len(data) < size:
        piece = conn.recv(min(1 << 20, size - len(data)))
        if not piece:
            raise ConnectionError(f"the server left after {len(data)} of {size} bytes")
        data += piece
    return bytes(data)


def receive_all(conn):
    data = bytearray()
    while piece := conn.recv(1 << 20):
        data += piece
    return bytes(data)


def ask(conn, message):
    conn.sendall(message)
    return receive_exactly(conn, len(message))


def reset(conn):
    """Close so that the peer gets an RST instead of a FIN (SO_LINGER with 0 seconds, socket(7))."""
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def fill(conn, limit=100_000_000):
    """Send without ever reading until nobody takes a byte for half a second; return how many were taken."""
    conn.settimeout(0.5)
    taken = 0
    with contextlib.suppress(TimeoutError):
        while taken < limit:
            taken += conn.send(bytes(1 << 20))
    conn.settimeout(PATIENCE)
    return taken


class GoodClient:
    """Asks the server for an echo again and again, in a thread; at the end of `with` every answer was right and soon.

    slowest: the longest wait for an answer so far, in seconds.
    """

    def __init__(self, server, limit):
        self.slowest, self.answers, self._limit, self._error = 0.0, 0, limit, None
        self._conn, self._stop = connect(server), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            last = False
            while not last:                          # the last question is asked after the hostile client is done
                last = self._stop.wait(0.005)
                begun = time.monotonic()
                message = b"question %d" % self.answers
                assert ask(self._conn, message) == message
                self.answers += 1
                self.slowest = max(self.slowest, time.monotonic() - begun)
        except (OSError, AssertionError) as error:
            self._error = error

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._stop.set()
        self._thread.join()
        self._conn.close()
        if kind is None:
            assert self._error is None, f"the good client, after {self.answers} answers: {self._error!r}"
            assert self.slowest < self._limit, f"it waited {self.slowest:.1f} s for an answer"


def holdings(pid):
    """What a server holds: (descriptors, threads, children, the zombies among them too); proc(5)."""
    folder = Path(f"/proc/{pid}")
    descriptors = len(os.listdir(folder / "fd"))
    threads = os.listdir(folder / "task")
    children = (folder / "task" / str(pid) / "children").read_text().split()
    return descriptors, len(threads), len(children)


def cpu_seconds(pid):
    """Processor time that process `pid` has used so far (fields 14 and 15 of proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    """Resident memory in bytes (VmRSS of proc(5), status)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])
