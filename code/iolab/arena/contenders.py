"""The servers that meet in the arena: all speak the same echo."""

import atexit
import contextlib
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
    subprocess.run([compiler(), "-O2", "-o", program, str(scripts.CODE / source)], check=True, timeout=60,
                   capture_output=True, text=True)
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
LEFT_OUT[FREE_THREADED] = f"没有不带 GIL 的 Python（{'、'.join(FREE_PYTHONS)}）"


def let_in(python):
    """Let threads without GIL take part: `python` is the path of a free-threaded Python. Raises ValueError if not."""
    entrant = replace(CONTENDERS["thread"], name=FREE_THREADED, python=python)
    if why := trouble(entrant):
        raise ValueError(f"{why}，不能当作没有 GIL 的 Python。")
    CONTENDERS[FREE_THREADED] = entrant
    LEFT_OUT.pop(FREE_THREADED, None)


def trouble(contender):
    """What keeps a contender from taking part although its tools are there, in a sentence; "" if nothing does."""
    tool = contender.python or compiler() or contender.script
    try:
        if contender.script.endswith(".c"):
            compiled(contender.script)
        elif contender.python and not _without_gil(contender.python):
            return f"{contender.python} 有 GIL"
    except subprocess.CalledProcessError as error:
        return f"{tool} 失败：{(error.stderr.splitlines() or [f'退出码 {error.returncode}'])[-1]}"
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{tool} 不能用：{error}"
    return ""


def _without_gil(python):
    look = "import sys; print(getattr(sys, '_is_gil_enabled', lambda: True)())"
    said = subprocess.run([python, "-I", "-c", look], capture_output=True, text=True, timeout=60, check=True).stdout
    return said.strip() == "False"


def leave_out_who_cannot(names):
    """Look before they meet: those of `names` that have trouble move from CONTENDERS to LEFT_OUT."""
    if FREE_THREADED in names and FREE_THREADED not in CONTENDERS:
        for python in filter(None, map(shutil.which, FREE_PYTHONS)):
            with contextlib.suppress(ValueError):
                let_in(python)
                break
    for name in CONTENDERS.keys() & set(names):
        if why := trouble(CONTENDERS[name]):
            LEFT_OUT[name] = why
            del CONTENDERS[name]
