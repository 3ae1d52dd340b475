"""What every server of the book owes its users: IPv6, a quiet end on SIGTERM and Ctrl-C, and no need of a reader.

A server is found by its source: a script that says `listening on`, itself or by its `_common`, and takes `--host`.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

from iolab.procfs import stat
from preludes import FAILS_AGAIN, serve_after
from processes import has_read, marked, wait_until, waits
from soak import sample

CODE = Path(__file__).parents[2] / "code"
ANNOUNCES, TAKES_HOST = re.compile(r"""["']listening on\b"""), re.compile(r"""["']--host["']""")
ONLY_SENDS = {"slow_source"}  # never reads: whatever a client sends ends in a reset
LIMIT = 4  # seconds that an end may take; a server that waits for its clients would take longer
V4, V6 = "127.0.0.1", "::1"


def servers():
    """(script, arguments of its own) of each server."""
    for path in sorted([*CODE.glob("day*/**/*.py"), *CODE.glob("iolab/arena/*.py")]):
        if path.stem.endswith("_common"):
            continue
        source = path.read_text(encoding="utf-8")
        for name in re.findall(r"^from (\w+_common) import", source, re.M):
            source += (path.parent / f"{name}.py").read_text(encoding="utf-8")
        if ANNOUNCES.search(source) and TAKES_HOST.search(source):
            yield path, ()
            if '"uvloop"' in source:
                yield path, ("--loop", "uvloop")


SERVERS = list(servers())
every_server, every_second_server = (
    pytest.mark.parametrize(
        ("script", "arguments"), some, ids=["-".join([path.stem, *given[1:]]) for path, given in some])
    for some in (SERVERS, sample(SERVERS, 2)))
needs_ipv6 = pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")


class Running:
    """A server as a shell starts it: stdout, stderr, a status. Ended and reaped at the end of `with`."""

    def __init__(self, script, arguments, folder, host, port=0, stdout=subprocess.PIPE, **options):
        self.datagrams = "SOCK_DGRAM" in script.read_text(encoding="utf-8")
        self.reads = script.stem not in ONLY_SENDS
        self.host, self.port, self.mark = host, port, f"server-{uuid.uuid4().hex}"
        if "uvloop" in arguments:
            pytest.importorskip("uvloop", reason="uvloop is not made for this system")
        if "lossy" in script.stem:
            arguments = ("--to", f"[{host}]:9" if ":" in host else f"{host}:9")  # of the same family
        self._process = subprocess.Popen(
            [sys.executable, "-B", str(script), *arguments, "--host", host, "--port", str(port)], cwd=folder,
            env={**os.environ, "EVERY_SERVER": self.mark, "NO_COLOR": "1", "PYTHONUTF8": "1"}, stdin=subprocess.DEVNULL,
            stdout=stdout, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True, **options)
        self._errors = []
        self._reader = threading.Thread(target=lambda: self._errors.extend(self._process.stderr))
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()

    @property
    def errors(self):
        return "".join(self._errors)

    def has_port(self):
        """Wait until the port that was asked for is the server's, whatever it prints."""
        wait_until(lambda: taken(self.port) or self._process.poll() is not None, f"port {self.port} is taken")
        self._reader.join(0.2)
        assert self._process.poll() is None, f"status {self._process.poll()}: {self.errors}"

    def listens(self):
        """Read the first line, which says where it listens."""
        line = self._process.stdout.readline()
        shown = f"[{self.host}]" if ":" in self.host else self.host
        found = re.fullmatch(rf"listening on {re.escape(shown)}:(\d+)\n", line)
        assert found, f"{line!r} {self.errors}"
        self.port = int(found[1])
        threading.Thread(target=self._drain, daemon=True).start()

    def close_log(self):
        self._process.stdout.close()

    def _drain(self):
        with contextlib.suppress(ValueError, OSError):
            for _ in self._process.stdout:
                pass

    def client(self):
        """A socket that has reached the server and, where that reads, has sent it something unfinished."""
        if not self.datagrams:
            conn = socket.create_connection((self.host, self.port), timeout=LIMIT)
            conn.sendall(b"x" * self.reads)
            return conn
        conn = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET, socket.SOCK_DGRAM)
        conn.connect((self.host, self.port))
        conn.settimeout(0.2)
        for _ in range(2):
            conn.send(b"x")
            with contextlib.suppress(TimeoutError):  # where nobody has the port, a ConnectionRefusedError comes
                conn.recv(65536)
        return conn

    def end(self, number):
        """Send the signal; the server ends in time, quietly, and leaves no process. Return its status."""
        wait_until(lambda: waits(self._process.pid), f"the server waits: {self.errors}")
        self._process.send_signal(number)
        try:
            status = self._process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            pytest.fail(f"still there {LIMIT} s after {signal.Signals(number).name}: {self.errors}")
        wait_until(lambda: not marked(self.mark), f"the end of {marked(self.mark)}", LIMIT)
        self._reader.join(LIMIT)
        assert "Traceback" not in self.errors, self.errors
        return status


def three_come_and_go(server):
    """They go as one should: a close is a FIN, and no RST for an answer left unread. All share the limit."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.client()) for _ in range(3)]
        deadline = time.monotonic() + LIMIT
        for client in clients:
            if client.type == socket.SOCK_STREAM:
                with contextlib.suppress(OSError):  # somebody has ended already
                    client.shutdown(socket.SHUT_WR)
        for client in clients:
            heard(client, max(0.01, deadline - time.monotonic()))


def heard(client, limit=LIMIT):
    """How a client on TCP hears the end of its connection: in order, as a reset, or not at all."""
    client.settimeout(limit)
    try:
        while client.recv(65536):
            pass
    except ConnectionError as error:
        return type(error).__name__
    except TimeoutError:
        return "nothing"
    return "the end"


@every_server
@needs_ipv6
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_serves_ipv6_and_ends_with_a_client(script, arguments, number, tmp_path):
    """In the middle of a request: what the client had sent is read, or the kernel would answer with a reset."""
    with Running(script, arguments, tmp_path, V6) as server:
        server.listens()
        with server.client() as client:
            wait_until(lambda: server.datagrams or has_read(client), "the server has read what there is")
            assert server.end(number) == 0
            assert server.datagrams or heard(client) == "the end"


@every_server
def test_it_ends_without_a_client(script, arguments, tmp_path):
    with Running(script, arguments, tmp_path, V4) as server:
        server.listens()
        assert server.end(signal.SIGTERM) == 0


@every_second_server
def test_it_needs_no_standard_output(script, arguments, tmp_path):
    if "uvloop" in arguments:
        pytest.skip("libuv itself refuses to use descriptor 1 for a socket")
    closed = {"stdout": None, "preexec_fn": lambda: os.close(1)}
    with Running(script, arguments, tmp_path, V4, free_port(), **closed) as server:
        server.has_port()
        three_come_and_go(server)
        assert server.end(signal.SIGTERM) == 0


@every_second_server
def test_it_does_not_break_when_the_reader_of_its_log_goes(script, arguments, tmp_path):
    """As in `python tcp_server.py | head -1`."""
    with Running(script, arguments, tmp_path, V4, free_port()) as server:
        server.has_port()
        server.close_log()
        with contextlib.suppress(ConnectionError):  # it may end, as other programs in a pipe do
            three_come_and_go(server)
        server.end(signal.SIGTERM)
        assert "不能监听" not in server.errors, server.errors


WAITS = [path for path, _ in SERVERS if "暂时不能" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("script", WAITS, ids=[path.stem for path in WAITS])
def test_it_rests_between_failures_instead_of_spinning(script):
    """Without a pause, a server that has no descriptor left keeps a processor busy and fills the disk with its log."""
    alone = ("--workers", 1) if "--workers" in script.read_text(encoding="utf-8") else ()  # else all of them speak
    with serve_after(FAILS_AGAIN, script.relative_to(CODE), *alone) as server:
        assert [server.stdout.readline().split("：")[1].strip() for _ in range(3)] == [
            "0 tenths", "2 tenths", "4 tenths"]
        workers = {one.pid for one in stat.descendants(server.pid)}
    wait_until(lambda: not [one for one in stat.everyone() if one.pid in workers and one.state != "Z"], "none is left")


def free_port():
    """A port that neither TCP nor UDP uses on loopback."""
    with socket.socket() as one, socket.socket(type=socket.SOCK_DGRAM) as other:
        one.bind((V4, 0))
        other.bind(one.getsockname())
        return one.getsockname()[1]


def taken(port):
    """Whether somebody listens at the port, or receives datagrams there."""
    tables = [Path("/proc/net", name).read_text() for name in ("tcp", "udp")]
    listening, bound = (re.findall(rf"^ *\d+: \w+:{port:04X} \w+:0000 (\w+)", table, re.M) for table in tables)
    return "0A" in listening or bool(bound)


def test_the_servers_are_found():
    assert len(WAITS) > 8
    assert {"tcp_server", "udp_server", "chat_server", "http_server", "ftp_server", "graceful_thread",
            "protocol_server"} <= {path.stem for path, _ in SERVERS}
