"""Run the cells of exercises, each exercise in a fork of its own, and say what the last cell printed.

Reads [{"sources": …, "path": …, "cells": [code, …]}, …] as JSON on standard input, prints a list of texts of the same
length. Each is run in a folder of its own, in which it finds what stands beside sources/path, as a live page does.
"""

import ast
import asyncio
import inspect
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path

import iolab
from iolab.live.kernels import mirror

PATIENCE = 30  # seconds for one exercise
AT_ONCE = 5  # they wait, for what a wrong answer never does, more than they compute


def main():
    for name in iolab.__all__:
        getattr(iolab, name)  # once for all children
    json.dump(told(json.load(sys.stdin)), sys.stdout)


def told(jobs):
    """What the last cell of each job printed, in the order of the jobs."""
    said, due, running = [None] * len(jobs), list(enumerate(jobs)), []
    while due or running:
        if due and len(running) < AT_ONCE:
            number, job = due.pop(0)
            running.append((number, *begin(**job), time.monotonic() + PATIENCE))
        for one in running.copy():
            number, pid, folder, output, deadline = one
            if (done := ended(pid)) or time.monotonic() > deadline:
                clear_away(pid)
                output.seek(0)
                note = "" if done else f"\nnot done within {PATIENCE} s"
                said[number] = output.read().decode(errors="replace") + note
                output.close()
                folder.cleanup()
                running.remove(one)
        time.sleep(0.002)
    return said


def begin(sources, path, cells):
    """Start a fork that plays the cells: (pid, its temporary folder, the file that it prints to)."""
    folder = tempfile.TemporaryDirectory(prefix="exercise-", ignore_cleanup_errors=True)
    place = mirror(Path(sources), path, Path(folder.name))
    output = tempfile.TemporaryFile()  # noqa: SIM115 – it is read and closed when the child has ended
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.dup2(output.fileno(), 1)
        os.chdir(place)
        play(cells, output)
        os._exit(0)
    return pid, folder, output


def play(cells, output):
    """Execute the cells in one namespace under a running event loop, as a kernel does; print of the last cell only."""
    space = {"__name__": "__main__"}

    async def all_cells():
        for cell in cells:
            sys.stdout.flush()
            os.ftruncate(output.fileno(), os.lseek(output.fileno(), 0, os.SEEK_SET))
            code = compile(cell, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            awaited = eval(code, space)
            if code.co_flags & inspect.CO_COROUTINE:
                await awaited

    try:
        asyncio.run(all_cells())
    except BaseException:
        traceback.print_exc(file=sys.stdout)
    sys.stdout.flush()


def ended(pid):
    """Whether a child has ended by itself. It is not reaped: as long as it is there, its group's number is its own."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def clear_away(pid):
    """End a child and all that it left behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
