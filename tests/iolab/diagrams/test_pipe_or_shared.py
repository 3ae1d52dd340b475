"""Copies through a pipe and through shared pages, held against a real pipe, real pages and the kernel's own counts."""

import mmap
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from iolab import diagrams
from iolab.diagrams.pipe_or_shared import BLOCK, PIPE, ROOM, SHARED

SCENE = diagrams.load("pipe_or_shared")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}
KIB = 1024
OTHER = """
import mmap, sys
with mmap.mmap(int(sys.argv[1]), int(sys.argv[2])) as memory:
    print(memory[:].count(b"x"), flush=True)
    sys.stdin.read()                # says when, as the semaphore does
    print(memory[:].count(b"x"))
"""


def counted(view, name):
    return sum(cell.startswith(name) for cell in view.held) * BLOCK


def copied(action):
    """KiB that this thread's system calls copied in and out, and how many calls these were (proc_pid_io(5))."""
    def now():
        lines = dict(line.split(": ") for line in Path("/proc/thread-self/io").read_text().splitlines())
        return [int(lines[key]) for key in ("rchar", "wchar", "syscr", "syscw")]

    def once(what):
        before = now()
        what()
        return [after - one for after, one in zip(now(), before, strict=True)]

    idle, busy = once(lambda: None), once(action)
    return [one - none for one, none in zip(busy, idle, strict=True)]


def piped(size):
    """[(KiB left with the writer, in the pipe, with the reader)] after each call on a real pipe; nobody waits."""
    r, w = os.pipe()
    os.set_blocking(w, False)
    data, got, seen = bytes(size * KIB), 0, []
    while got < size * KIB:
        if data:
            data = data[os.write(w, data):]
        seen.append((len(data), size * KIB - len(data) - got, got))
        got += len(os.read(r, 65536))
        seen.append((len(data), size * KIB - len(data) - got, got))
    os.close(r)
    os.close(w)
    return [tuple(part // KIB for part in one) for one in seen]


@pytest.mark.parametrize("size", [32, 64, 128])
def test_a_real_pipe_takes_and_gives_the_same_pieces(size):
    views = next(film for at, film in SCENE.films.items() if SETTINGS[at] == [PIPE, size])
    assert [tuple(counted(view, row) for row in ("from", "pipe", "to")) for view in views[1:-1]] == piped(size)
    read, written, reads, writes = copied(lambda: piped(size))
    assert f"一共替它们复制 {(read + written) // KIB} KiB" in views[-1].caption
    assert (reads, writes) == tuple(sum(view.at == (line,) for view in views) for line in (3, 2))
    for view in views[1:-1]:
        moved = int(re.search(r"\) 把 (\d+) KiB", view.caption)[1])
        assert moved <= ROOM * BLOCK and view.ways == (("in",) if view.at == (2,) else ("out",))
        assert ("amber" in {colour for _, colour in view.held.values()}) == (counted(view, "from") > 0)


@pytest.mark.parametrize("size", [32, 64, 128])
def test_shared_pages_are_seen_by_the_other_one_and_nothing_is_copied_by_the_kernel(size):
    """A process that has the pages since before they were written finds the data there."""
    views = next(film for at, film in SCENE.films.items() if SETTINGS[at] == [SHARED, size])
    descriptor, length = os.memfd_create("shared"), size * KIB
    os.truncate(descriptor, length)
    with (mmap.mmap(descriptor, length) as memory,
          subprocess.Popen([sys.executable, "-I", "-c", OTHER, str(descriptor), str(length)], pass_fds=[descriptor],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other):
        os.close(descriptor)
        assert other.stdout.readline() == "0\n"
        assert copied(lambda: memory.write(b"x" * length)) == [0, 0, 0, 0]
        assert other.communicate("ready")[0] == f"{length}\n"
    for view in views[1:]:
        assert counted(view, "from") == counted(view, "to") == size and counted(view, "pipe") == 0
    knows = [view.at for view in views[1:] if view.held["to0"][1] == "green"]
    assert knows == [(7,), (8,)], "only who is told knows"
    assert "一次也没有复制" in views[-1].caption
