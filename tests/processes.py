"""Find the processes that a test started, and wait without sleeping blindly."""

import contextlib
import os
import signal
import socket
import time
from pathlib import Path

from iolab.procfs import net, stat


def marked(mark):
    """Pids of the living processes whose environment holds the str `mark`, zombies not counted (proc(5), environ)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def kill_marked(mark):
    """SIGKILL to all of them; one may have ended by then."""
    for pid in marked(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def listens(port):
    """Whether somebody on 127.0.0.1 accepts connections at `port`."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def waits(pid):
    """Whether a process sleeps in a system call (proc(5), state S).

    A signal just before the call that waits is not seen until that call returns: pselect in select(2).
    """
    return stat.read(pid).state == "S"


def has_read(client):
    """Whether the program at the other end of a TCP connection of this machine has read all of it.

    One that nobody has accepted is ESTABLISHED and belongs to no process; one that is closed already counts as read.
    """
    near, far = client.getsockname()[:2], client.getpeername()[:2]
    other = net.find(net.tcp(port=near[1]), far, near)
    return other is not None and other.rx_queue == 0 and (other.inode != 0 or other.state != "ESTABLISHED")


def wait_until(condition, what, timeout=15):
    """Poll until condition() is true and return its value; after `timeout` seconds fail, saying `what` was awaited."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {timeout} s: {what}"
        time.sleep(0.02)
    return value
