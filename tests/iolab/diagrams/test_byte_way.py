"""The way of a byte held against a real file: what another process reads of it, and what the kernel calls dirty."""

import ctypes
import os
import random
import subprocess
import sys

import pytest

from iolab import diagrams
from iolab.model import Went

SCENE = diagrams.load("byte_way")
WORKER = """
import os, sys
{open}
for name in sys.stdin:
    match name.strip():
        case "write":
            order = "x" * 10
            {write}
        case "flush": {flush}
        case "fsync": {fsync}
    print("done", flush=True)
"""
OPEN, WRITE, FLUSH, FSYNC = SCENE.code.lines
CACHESTAT = 451                         # cachestat(2), since Linux 6.5, the same number on every architecture


class Process:
    """A process that runs the very lines that the picture shows."""

    def __init__(self, folder):
        source = WORKER.format(open=OPEN, write=WRITE, flush=FLUSH, fsync=FSYNC)
        self.child = subprocess.Popen([sys.executable, "-I", "-c", source], cwd=folder, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        self.do("hello")

    def do(self, name):
        self.child.stdin.write(name + "\n")
        self.child.stdin.flush()
        assert self.child.stdout.readline() == "done\n"

    def kill(self):
        self.child.kill()
        self.child.communicate()


def dirty(path):
    """How many pages of a file the kernel still has to write to the disk, or None where it cannot be asked."""
    found = (ctypes.c_uint64 * 5)()
    with open(path) as file:
        status = ctypes.CDLL(None).syscall(CACHESTAT, file.fileno(), (ctypes.c_uint64 * 2)(), found, 0)
    return found[1] + found[2] if status == 0 else None


def walk(seed, folder):
    """(state of the picture, orders that another process can read, whether the disk lacks some), press by press."""
    state, process, chance = SCENE.start, Process(folder), random.Random(seed)
    try:
        for _ in range(40):
            ways = SCENE.moves[SCENE.states.index(state)]
            name = chance.choice([name for name, went in ways.items() if isinstance(went, Went) and name != "power"])
            state = ways[name].state
            if name == "kill":
                process.kill()
            elif name == "restart":
                process = Process(folder)
            else:
                process.do(name)
            size = (folder / "orders.txt").stat().st_size
            assert (folder / "orders.txt").read_text() == "x" * size
            yield state, size / 10, dirty(folder / "orders.txt")
    finally:
        process.kill()


def test_another_process_reads_what_the_page_cache_holds(tmp_path):
    steps = list(walk(1, tmp_path))
    assert [state[2] for state, *_ in steps] == [size for _, size, _ in steps]
    assert {state[0] for state, *_ in steps} == {True, False} and len({state[2] for state, *_ in steps}) >= 3


def test_fsync_and_nothing_else_cleans_what_a_power_cut_would_take(tmp_path):
    """The kernel may write back by itself at any time: three walks, of which one must go undisturbed."""
    for seed in range(3):
        folder = tmp_path / str(seed)
        folder.mkdir()
        steps = list(walk(seed, folder))
        if steps[0][2] is None:
            pytest.skip("this kernel has no cachestat(2), which is there since Linux 6.5")
        assert not [state for state, _, left in steps if left and state[2] == state[3]], "fsync left something"
        lacking = [left for state, _, left in steps if state[2] != state[3]]
        if not any(lacking) and os.stat(folder).st_dev == os.stat("/dev/shm").st_dev:
            pytest.skip("a file in memory never becomes dirty")
        if lacking and all(lacking):
            return
    pytest.fail(f"the kernel calls clean what nobody synced: {steps}")


def test_a_power_cut_leaves_what_the_disk_has_and_a_kill_what_the_kernel_has():
    for state, ways in zip(SCENE.states, SCENE.moves, strict=True):
        _, written, cached, stored = state
        assert written >= cached >= stored
        for name, left in (("power", (False, stored, stored, stored)), ("kill", (False, cached, cached, stored))):
            if isinstance(ways[name], Went):
                assert ways[name].state == left
                lost = written - left[1]
                assert name == "power" or (f"{lost} 条没了" in ways[name].caption) == (lost > 0)
                assert name == "kill" or (f"{stored} 条还在" in ways[name].caption) == (stored > 0)


def test_a_python_file_keeps_a_short_text_to_itself_until_it_is_flushed(tmp_path):
    with open(tmp_path / "one", "a") as file:
        file.write("short")
        assert (tmp_path / "one").stat().st_size == 0
        file.flush()
        assert (tmp_path / "one").stat().st_size == 5
