"""The servers that meet in the arena: all speak the same echo."""

import atexit
import functools
import importlib.util
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from iolab.launch import scripts

FREE_THREADED = "thread-nogil"
FREE_PYTHONS = ("python3.15t", "python3.14t", "python3.13t")
COMPILERS = ("cc", "gcc", "clang")


@dataclass(frozen=True)
class Contender:
    """name: for readers; script: below code/; args: its own; env: (name, value) pairs for its environment.

    python: the interpreter that runs it, "": the one that runs this. A script in C is compiled when it is needed.
    most: connections that are tried at the most, None: all. It keeps a measurement from taking the machine down, not
    the server from failing: why says what it would cost.
    """

    name: str
    script: str
    args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    why: str = ""
    python: str = ""

    def command(self):
        """The argv that stands for the script, None where this Python runs it as it is."""
        if self.script.endswith(".c"):
            return (compiled(self.script),)
        return (self.python, str(scripts.find(self.script))) if self.python else None

    def at_work(self, loops):
        """The same server, whose every answer costs `loops` turns of a loop in Python."""
        work = "--serve", self.script, "--loops", str(loops)
        return replace(self, script="iolab/arena/working_server.py", args=(*work, *self.args))


@functools.cache
def compiled(source):
    """The path of the program that a C compiler makes of code/<source>; removed when this process ends."""
    folder = tempfile.mkdtemp(prefix="arena-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    program = str(Path(folder, Path(source).stem))
    subprocess.run([compiler(), "-O2", "-o", program, str(scripts.CODE / source)], check=True)
    return program


def compiler():
    """The C compiler of this machine, or None."""
    return next(filter(None, map(shutil.which, COMPILERS)), None)


CONTENDERS = {contender.name: contender for contender in (
    Contender("c", "iolab/arena/echo.c"),
    Contender("loop", "day9/loop_server.py"),
    Contender("fork", "day9/fork_server.py", most=1100, why="每个连接一个进程，再多就要几个 GiB 内存"),
    Contender("prefork", "day10/prefork_server.py"),
    Contender("thread", "day9/thread_server.py"),
    Contender("select", "day10/select_server.py"),
    Contender("poll", "day10/poll_server.py"),
    Contender("epoll", "day10/epoll_server.py"),
    Contender("epoll-256k", "iolab/arena/epoll_256k_server.py"),
    Contender("selectors", "day10/selectors_server.py"),
    Contender("asyncio", "day10/asyncio_server.py"),
    Contender("asyncio-64k", "iolab/arena/asyncio_64k_server.py"),
    Contender("asyncio-protocol", "iolab/arena/protocol_server.py", ("--loop", "asyncio")),
    Contender("asyncio-buffered", "iolab/arena/protocol_server.py", ("--protocol", "buffered")),
    Contender("uvloop", "iolab/arena/protocol_server.py", ("--loop", "uvloop")),
)}
LEFT_OUT = {}  # name -> what this machine lacks for it
if compiler() is None:
    LEFT_OUT["c"] = f"没有 C 编译器（{'、'.join(COMPILERS)}）"
if importlib.util.find_spec("uvloop") is None:  # it is not made for every system
    LEFT_OUT["uvloop"] = "没有装 uvloop"
for absent in LEFT_OUT:
    del CONTENDERS[absent]


def let_in(python):
    """Let threads without GIL take part: `python` is the path of a free-threaded Python. Raises ValueError if not."""
    look = "import sys; print(getattr(sys, '_is_gil_enabled', lambda: True)())"
    said = subprocess.run([python, "-I", "-c", look], capture_output=True, text=True, timeout=60, check=True).stdout
    if said.strip() != "False":
        raise ValueError(f"{python} 有 GIL，不能当作没有 GIL 的 Python。")
    _enter(python)


def _enter(python):
    CONTENDERS[FREE_THREADED] = replace(CONTENDERS["thread"], name=FREE_THREADED, python=python)
    LEFT_OUT.pop(FREE_THREADED, None)


LEFT_OUT[FREE_THREADED] = f"没有不带 GIL 的 Python（{'、'.join(FREE_PYTHONS)}）"
if found := next(filter(None, map(shutil.which, FREE_PYTHONS)), None):
    _enter(found)
