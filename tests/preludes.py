"""Run a teaching script after a few lines that make the world harder than loopback is, or without its cure."""

import contextlib
import os
import signal
import subprocess
import sys

from iolab.launch import scripts

# What a network may do at any time, and loopback never does: give two bytes at a time, and take one.
DROPS = """
import socket
plain = socket.socket.__base__
socket.socket.send = lambda s, data, *flags: plain.send(s, memoryview(data)[:1], *flags)
socket.socket.recv = lambda s, size, *flags: plain.recv(s, min(size, 2), *flags)
socket.socket.recv_into = lambda s, buffer, size=0, *flags: plain.recv_into(s, buffer, 2, *flags)
"""

# The first peer's machine vanishes: recv gives up after many retransmissions (tcp(7), ETIMEDOUT).
VANISHED = """
import errno, socket
plain = socket.socket.__base__
def recv(s, size, *flags):
    socket.socket.recv = plain.recv
    raise OSError(errno.%s, "the network is gone")
socket.socket.recv = recv
"""

# Once accept fails, as accept(2) warns that it may.
ABORTED = """
import errno, socket
plain = socket.socket.accept
def accept(s):
    socket.socket.accept = plain
    raise OSError(errno.%s, "the connection is gone")
socket.socket.accept = accept
"""

# Once recvfrom fails, as udp(7) and ip(7) allow it to.
NO_MEMORY = """
import errno, socket
plain = socket.socket.__base__
def recvfrom(s, size, *flags):
    socket.socket.recvfrom = plain.recvfrom
    raise OSError(errno.ENOMEM, "no memory left")
socket.socket.recvfrom = recvfrom
"""

# Three times in a row accept or recvfrom fails; the error says how often the script has paused so far.
FAILS_AGAIN = """
import errno, socket, time
plain, pauses, failures = time.sleep, [], []
def sleep(seconds):
    pauses.append(seconds)
    plain(0.01)
time.sleep = sleep
def fail(name):
    call = getattr(socket.socket, name)
    def failing(s, *args):
        if len(failures) == 3:
            return call(s, *args)
        failures.append(name)
        raise OSError(errno.EMFILE, f"{sum(pauses) / 0.1:.0f} tenths")
    setattr(socket.socket, name, failing)
fail("accept")
fail("recvfrom")
"""

START = """
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job inherits it as ignored
%s
sys.argv[:] = sys.argv[1:]
sys.path[0] = os.path.dirname(sys.argv[0])               # where its sibling is
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def command(prelude, script, *args):
    return [sys.executable, "-B", "-X", "utf8", "-c", START % prelude, str(scripts.find(script)), *map(str, args)]


def run_after(prelude, script, *args, **options):
    """Run code/<script> after `prelude`; return what subprocess.run gives, its output (stderr too) as text."""
    return subprocess.run(command(prelude, script, *args), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, encoding="utf-8", timeout=20, check=False, **options)


@contextlib.contextmanager
def serve_after(prelude, script, *args, stdout=subprocess.PIPE):
    """Start the server code/<script> after `prelude` on a port of the kernel's; give the Popen object.

    Its first line, `listening on HOST:PORT`, is in process.first where stdout is a pipe. At the end it is killed, with
    all that it has started.
    """
    process = subprocess.Popen(command(prelude, script, "--port", 0, *args), stdout=stdout, stderr=subprocess.PIPE,
                               text=True, encoding="utf-8", env=os.environ | {"NO_COLOR": "1"}, start_new_session=True)
    with process:
        try:
            process.first = process.stdout.readline() if process.stdout else ""
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def output_without(cures, script, folder):
    """What code/<script> prints when each piece of `cures` (piece -> what stands there instead) has been taken out."""
    source = scripts.find(script).read_text(encoding="utf-8")
    for cure, nothing in cures.items():
        assert source.count(cure) == 1, f"{cure} is not once in {script}"
        source = source.replace(cure, nothing)
    copy = folder / "without.py"
    copy.write_text(source, encoding="utf-8")
    ended = subprocess.run([sys.executable, "-X", "utf8", copy], capture_output=True, text=True, encoding="utf-8",
                           timeout=60, check=False)
    return ended.stdout
