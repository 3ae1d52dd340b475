"""Find and end what a server's kernels have started, even when the server itself was killed.

Run as  python -I -S leftovers.py MARK FOLDER  by iolab.live.server, never imported then: it waits for the end of its
standard input, which the kernel of the system closes however the server ends. What then still has MARK in its
environment gets some seconds, and SIGKILL; FOLDER is removed. Everything that a kernel starts inherits its environment
(environ(7)), also what has left its session. Where there is no /proc, only FOLDER is removed.
"""

import contextlib
import os
import shutil
import signal
import sys
import time

SERVER_MARK, KERNEL_MARK = "IOLAB_LIVE_SERVER", "IOLAB_LIVE_KERNEL"
GRACE = 4  # seconds: a kernel looks once a second whether its server lives, and whoever guards a script then ends it


def marked(name, value):
    """The pids (set of int) of living processes that were started with `value` as their variable `name`."""
    wanted, found = f"{name}={value}".encode(), set()
    for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc/self") else ()):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/environ", "rb") as environ:
            if wanted in environ.read().split(b"\0"):
                found.add(int(pid))
    return found


def end(pids):
    """SIGKILL to each that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def main(mark, folder):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # meant for the server, whose end is awaited here
    sys.stdin.buffer.read()
    deadline = time.monotonic() + GRACE
    while (left := marked(SERVER_MARK, mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    while left:
        end(left)
        time.sleep(0.05)
        left = marked(SERVER_MARK, mark)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
