"""A fixture for a folder's conftest.py: after each test no process, zombie or shared memory of it is left."""

import contextlib
import os
import uuid
from pathlib import Path

import pytest

from iolab.procfs import stat
from processes import marked, wait_until


def shared_memory():
    """The names of POSIX shared memory and named semaphores on this machine (shm_overview(7), sem_overview(7))."""
    return {name for name in os.listdir("/dev/shm") if name.startswith(("psm_", "sem."))}


def unused(names):
    """Those of these names that no process has mapped (proc_pid_maps(5)): what another run uses is not left over."""
    found = set(names)
    for maps in Path("/proc").glob("[0-9]*/maps") if names else ():
        with contextlib.suppress(OSError):
            found -= {line.rpartition("/dev/shm/")[2] for line in maps.read_text().splitlines()}
    return found


def zombies():
    """Pids of this process's children that have ended and were not waited for."""
    return {child.pid for child in stat.children(os.getpid()) if child.state == "Z"}


@pytest.fixture(autouse=True)
def nothing_left(monkeypatch):
    """Everything that the test starts inherits a mark; at the end nothing has it, within 15 s."""
    value, memory, dead = f"leftover-{uuid.uuid4().hex}", shared_memory(), zombies()
    monkeypatch.setenv("LEFTOVER_TEST_MARK", value)
    yield
    monkeypatch.undo()
    wait_until(lambda: not marked(value), f"the end of all processes that the test started: {marked(value)}")
    wait_until(lambda: not zombies() - dead, f"the zombies to be reaped: {zombies() - dead}")
    wait_until(lambda: not unused(shared_memory() - memory), f"the end of shared memory {shared_memory() - memory}")
