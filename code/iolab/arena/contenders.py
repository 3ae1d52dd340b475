"""The servers that meet in the arena: all speak the same echo."""

import importlib.util
from dataclasses import dataclass


@dataclass(frozen=True)
class Contender:
    """name: for readers; script: below code/; args: its own; env: (name, value) pairs for its environment.

    most: connections that are tried at the most, None: all. It keeps a measurement from taking the machine down, not
    the server from failing: why says what it would cost.
    """

    name: str
    script: str
    args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    why: str = ""


CONTENDERS = {contender.name: contender for contender in (
    Contender("loop", "day9/loop_server.py"),
    Contender("fork", "day9/fork_server.py", most=1100, why="每个连接一个进程，再多就要几个 GiB 内存"),
    Contender("thread", "day9/thread_server.py"),
    Contender("select", "day10/select_server.py"),
    Contender("poll", "day10/poll_server.py"),
    Contender("epoll", "day10/epoll_server.py"),
    Contender("epoll-256k", "iolab/arena/epoll_256k_server.py"),
    Contender("selectors", "day10/selectors_server.py"),
    Contender("asyncio", "day10/asyncio_server.py"),
    # each recv of asyncio asks malloc for 256 KiB; glibc maps and unmaps that unless the heap has room (mallopt(3))
    Contender("asyncio-padded", "day10/asyncio_server.py", env=(("MALLOC_TOP_PAD_", "1048576"),)),
    Contender("asyncio-protocol", "iolab/arena/protocol_server.py", ("--loop", "asyncio")),
    Contender("asyncio-buffered", "iolab/arena/protocol_server.py", ("--protocol", "buffered")),
    Contender("uvloop", "iolab/arena/protocol_server.py", ("--loop", "uvloop")),
)}
if importlib.util.find_spec("uvloop") is None:  # it is not made for every system
    del CONTENDERS["uvloop"]
