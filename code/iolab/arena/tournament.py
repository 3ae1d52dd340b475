"""All meetings of some contenders, in turns, so that a change of the machine's mood meets everybody."""

import importlib.metadata
import itertools
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from iolab.arena.contenders import CONTENDERS, FREE_THREADED, LEFT_OUT, leave_out_who_cannot
from iolab.arena.measure import meet
from iolab.arena.pinning import cores


@dataclass(frozen=True)
class Course:
    """A question that the record answers, by what meets what; `repeats` times, each of them recorded."""

    name: str
    contenders: tuple[str, ...]
    active: tuple[int, ...]
    idle: tuple[int, ...]
    repeats: int
    loops: int = 0

    def meetings(self):
        """(contender, active, idle, loops) of those that this machine can let in."""
        there = [name for name in self.contenders if name in CONTENDERS]
        return [(name, active, idle, self.loops)
                for idle, active, name in itertools.product(self.idle, self.active, there)]


FEW = "c", "thread", "poll", "epoll", "asyncio", "asyncio-buffered"
ONE_CORE = ("c", "fork", "thread", FREE_THREADED, "select", "poll", "epoll", "epoll-256k", "selectors", "asyncio",
            "asyncio-64k", "asyncio-protocol", "asyncio-buffered", "uvloop")
COURSES = (
    Course("crowd", ONE_CORE, (100,), (0,), repeats=7),                   # who spends what on an echo
    Course("weight", ONE_CORE, (1,), (1000,), repeats=1),                 # how much memory each takes
    Course("idle", FEW, (1,), (0, 500, 1000, 2000), repeats=3),           # what do those cost who say nothing
    Course("limit", ("loop", "fork", "select", "thread", "epoll", "asyncio"), (100,), (10000,), repeats=1),
    Course("work", ("fork", "prefork", "thread", FREE_THREADED, "epoll", "asyncio"), (32,), (0,), repeats=5,
           loops=10_000),                                                 # who uses all cores when there is work
)


def compete(contenders=("thread", "epoll", "asyncio"), active=(1, 100), idle=(0,), seconds=0.5, repeats=1,
            loops=0, progress=None):
    """Let the named contenders meet the same load; return one Row a meeting: its figures belong together.

    contenders: names of iolab.arena.CONTENDERS; active, idle: numbers of clients; seconds: of load a meeting;
    repeats: meetings of each; loops: of computing before each echo, with all cores for the server (see measure.meet);
    progress: called with a text before each. Who needs what this machine lacks (LEFT_OUT) does not take part.
    Raises LookupError for an unknown name, OSError where this is no Linux.
    """
    unknown = [name for name in contenders if name not in CONTENDERS and name not in LEFT_OUT]
    if unknown:
        raise LookupError(f"竞技场里没有 {'、'.join(unknown)}，有：{'、'.join(CONTENDERS)}。")
    course = Course("", tuple(contenders), tuple(active), tuple(idle), repeats, loops)
    return tournament([course], seconds, progress)


def tournament(courses=COURSES, seconds=0.5, progress=None):
    """Run the courses, all of one turn before the next begins; return one Row a meeting.

    Who cannot take part on this machine is in LEFT_OUT afterwards.
    """
    if sys.platform != "linux":
        raise OSError(f"这里是 {sys.platform}，没有 epoll 和 /proc，竞技场只能在 Linux 上运行。")
    leave_out_who_cannot({name for course in courses for name in course.contenders})
    rows = []
    for turn in range(max((course.repeats for course in courses), default=0)):
        for course in courses:
            for name, asking, quiet, loops in course.meetings() if turn < course.repeats else ():
                if progress:
                    work = f", {loops} loops" if loops else ""
                    progress(f"{turn + 1}/{course.repeats}  {name}: {asking} active, {quiet} idle{work}")
                rows.append(meet(CONTENDERS[name], asking, quiet, seconds, loops=loops))
    return rows


def machine():
    """What the figures depend on, as a dict of texts and numbers."""
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cpu": model, "cores": os.cpu_count(), "memory_gib": round(memory, 1),
            "kernel": f"{platform.system()} {platform.release().split('-')[0]}", "python": platform.python_version(),
            "uvloop": importlib.metadata.version("uvloop") if "uvloop" in CONTENDERS else None,
            "pinned": cores()[0] is not None}
