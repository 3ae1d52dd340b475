"""A large file both ways: the file server of the book beside bare sendfile and recv, in turns, on two cores."""

import contextlib
import os
import socket
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from iolab.arena.pinning import cores, pin
from iolab.launch import serve
from iolab.procfs import status

BARE, BOOK = "iolab/arena/bare_file_server.py", "day9/ftp/ftp_server.py"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Transfer:
    """`way` is get, put, or drop: received and thrown away. Rates are bytes a second; share: of the bare rate.

    The file server has no drop: there `book` is its put, which keeps what the bare one throws away. Rates are medians,
    share is the median of the shares of the pairs.
    """

    way: str
    bare: float
    book: float
    share: float

    def to_dict(self):
        return asdict(self) | {"bare": round(self.bare), "book": round(self.book), "share": round(self.share, 3)}


def transfer(size=1 << 30, pairs=9):
    """Move `size` bytes `pairs` times each way; return (Transfers, most bytes of memory the file server ever had)."""
    server_core, our_core = cores()
    with (tempfile.TemporaryDirectory(prefix="transfer-") as library, _only_on(our_core),
          serve(BARE, "--library", library) as bare, serve(BOOK, "--library", library) as book):
        source = Path(library, "source")
        _fill(source, size)
        for server in (bare, book):
            pin(server.pid, server_core)
        seconds = {way: [] for way in ("get", "put", "drop")}
        for _ in range(pairs + 1):
            stored = _put(book, source, size)
            seconds["get"].append((_get(bare, source, size), _get(book, source, size)))
            seconds["put"].append((_put(bare, source, size), stored))
            seconds["drop"].append((_put(bare, source, size, "DROP"), stored))
        memory = status.peak_memory(book.pid)
    return [_summary(way, size, found[1:]) for way, found in seconds.items()], memory  # the first pair warms up


def _summary(way, size, pairs):
    bare, book = (size / statistics.median(column) for column in zip(*pairs, strict=True))
    return Transfer(way, bare, book, statistics.median(one / other for one, other in pairs))


@contextlib.contextmanager
def _only_on(core):
    before = os.sched_getaffinity(0)
    pin(0, core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _fill(path, size):
    with open(path, "wb") as file:
        for start in range(0, size, BLOCK):
            file.write(os.urandom(min(BLOCK, size - start)))
        os.fsync(file.fileno())


def _get(server, source, size):
    block = memoryview(bytearray(BLOCK))
    with socket.create_connection(server.address) as conn:
        begun, left = time.perf_counter(), len(f"OK {size}\n") + size
        conn.sendall(f"GET {source.name}\n".encode())
        while left:
            count = conn.recv_into(block[:min(BLOCK, left)])
            if not count:
                raise ConnectionError(f"{left} bytes are missing: {server.output}")
            left -= count
        return time.perf_counter() - begun


def _put(server, source, size, verb="PUT"):
    stored = source.with_name("stored")
    with socket.create_connection(server.address) as conn, open(source, "rb") as file, conn.makefile("rb") as answers:
        begun = time.perf_counter()
        conn.sendall(f"{verb} {size} {stored.name if verb == 'PUT' else ''}\n".encode())
        _must_be_ok(answers, server)
        conn.sendfile(file)
        _must_be_ok(answers, server)
        spent = time.perf_counter() - begun
    if verb == "PUT":
        if stored.stat().st_size != size:
            raise ConnectionError(f"{stored.stat().st_size} of {size} bytes were stored")
        stored.unlink()
    return spent


def _must_be_ok(answers, server):
    answer = answers.readline()
    if answer != b"OK\n":
        raise ConnectionError(f"{answer!r} is not OK: {server.output}")
