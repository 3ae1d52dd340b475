"""Run the cells of exercises, each exercise in a fork of its own, and say what the last cell printed.

Reads [{"folder": …, "cells": [code, …]}, …] as JSON on standard input, prints a list of texts of the same length.
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

import iolab

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
        checks = {jobs[number]["cells"][-1] for number, *_ in running}  # the same one may use the same file
        ready = [one for one in due if one[1]["cells"][-1] not in checks]
        if ready and len(running) < AT_ONCE:
            due.remove(ready[0])
            number, job = ready[0]
            running.append((number, *begin(**job), time.monotonic() + PATIENCE))
        for one in running.copy():
            number, pid, output, deadline = one
            if (done := ended(pid)) or time.monotonic() > deadline:
                clear_away(pid, done)
                output.seek(0)
                note = "" if done else f"\nnot done within {PATIENCE} s"
                said[number] = output.read().decode(errors="replace") + note
                output.close()
                running.remove(one)
        time.sleep(0.002)
    return said


def begin(folder, cells):
    """Start a fork that plays the cells: (pid, the file that it prints to)."""
    output = tempfile.TemporaryFile()  # noqa: SIM115 – it is read and closed when the child has ended
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.dup2(output.fileno(), 1)
        os.chdir(folder)
        play(cells, output)
        os._exit(0)
    return pid, output


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
    """Whether a child has ended by itself; if so, it is reaped."""
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def clear_away(pid, done):
    """End all that a child left behind, and the child where it is not done."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if not done:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
