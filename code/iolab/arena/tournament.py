"""All meetings of some contenders, in turns, so that a change of the machine's mood meets everybody."""

import importlib.metadata
import itertools
import os
import platform
import sys
from pathlib import Path

from iolab.arena.contenders import CONTENDERS
from iolab.arena.measure import meet
from iolab.arena.pinning import cores


def compete(contenders=("thread", "epoll", "asyncio"), active=(1, 100), idle=(0,), seconds=0.5, repeats=1,
            progress=None):
    """Let the named contenders meet the same load; return one Row a meeting: its figures belong together.

    contenders: names of iolab.arena.CONTENDERS; active, idle: numbers of clients; seconds: of load a meeting;
    repeats: meetings of each; progress: called with a text before each. Raises LookupError for an unknown name,
    OSError where this is no Linux.
    """
    if sys.platform != "linux":
        raise OSError(f"这里是 {sys.platform}，没有 epoll 和 /proc，竞技场只能在 Linux 上运行。")
    unknown = [name for name in contenders if name not in CONTENDERS]
    if unknown:
        raise LookupError(f"竞技场里没有 {'、'.join(unknown)}，有：{'、'.join(CONTENDERS)}。")
    meetings = list(itertools.product(idle, active, contenders))
    rows = []
    for turn in range(repeats):
        for quiet, asking, name in meetings:
            if progress:
                progress(f"{turn + 1}/{repeats}  {name}: {asking} active, {quiet} idle")
            rows.append(meet(CONTENDERS[name], asking, quiet, seconds))
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
