"""The process that process_states watches. It computes until a letter on standard input tells it to wait.

Run as  python -I worker.py LOCK_FILE FIFO  by the recorder, never imported by it. It never says where it is: the
recorder reads that from /proc. Letters: s sleep, i wait for input, l wait for the lock, v wait for a vfork child,
x exit.
"""

import contextlib
import fcntl
import os
import select
import signal
import sys
import time


class WokenUp(Exception):
    pass


def wake_up(*_):
    raise WokenUp


def compute_until_told():
    while not select.select([0], [], [], 0)[0]:  # a timeout of 0 never sleeps
        sum(range(1000))
    return os.read(0, 1)


def sleep():
    with contextlib.suppress(WokenUp):
        time.sleep(3600)


def wait_for_input():
    os.read(0, 1)


def wait_for_lock(path):
    with open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)


def wait_for_vfork_child(fifo):
    """posix_spawn(3) is clone(CLONE_VFORK): the kernel holds the caller until the child has called execve, and this
    child first has to open a FIFO that nobody writes to yet."""
    os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {}, file_actions=[(os.POSIX_SPAWN_OPEN, 0, fifo, os.O_RDONLY, 0)])


def main(lock, fifo):
    signal.signal(signal.SIGUSR1, wake_up)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the vfork child
    print("ready", flush=True)
    while (letter := compute_until_told()) != b"x":
        {b"s": sleep, b"i": wait_for_input, b"l": lambda: wait_for_lock(lock),
         b"v": lambda: wait_for_vfork_child(fifo)}[letter]()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
