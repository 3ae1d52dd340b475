"""/proc/<pid>/stat: one line about one process. Source: proc(5), proc_pid_stat(5)."""
import os
from dataclasses import dataclass
from pathlib import Path

from iolab.procfs.root import ROOT, no_process, of_process

STATES = {
    "R": "running or runnable",
    "S": "sleeping, a signal wakes it",
    "D": "sleeping, no signal wakes it",
    "T": "stopped by a signal",
    "t": "stopped by a tracer",
    "Z": "zombie: ended, not yet reaped",
    "X": "dead",
    "I": "idle kernel thread",
    "P": "parked",
}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Stat:
    """One process at one moment. Times are seconds; starttime counts from boot, vsize and rss are bytes and pages."""

    pid: int
    comm: str
    state: str
    ppid: int
    pgrp: int
    session: int
    minflt: int
    majflt: int
    utime: float
    stime: float
    priority: int
    nice: int
    num_threads: int
    starttime: float
    vsize: int
    rss: int


def parse(line):
    """A line of /proc/<pid>/stat as a Stat. Raises ValueError when it is none.

    comm stands in parentheses and may itself hold spaces, parentheses and newlines: it ends at the last ")".
    """
    opening, closing = line.find("("), line.rfind(")")
    fields = line[closing + 1:].split()
    if not 0 < opening < closing or len(fields) < 22:
        raise ValueError(f"not a line of /proc/<pid>/stat: {line!r}")
    # proc(5) counts from 1 and calls the state field 3
    number = {index: int(text) for index, text in enumerate(fields[1:22], start=4)}
    return Stat(
        pid=int(line[:opening]), comm=line[opening + 1:closing], state=fields[0],
        ppid=number[4], pgrp=number[5], session=number[6], minflt=number[10], majflt=number[12],
        utime=number[14] / TICKS, stime=number[15] / TICKS, priority=number[18], nice=number[19],
        num_threads=number[20], starttime=number[22] / TICKS, vsize=number[23], rss=number[24],
    )


def read(pid, root=ROOT):
    """The Stat of process `pid`. Raises ProcessLookupError with the pid when there is none."""
    path = of_process(pid, "stat", root)
    try:
        text = path.read_bytes().decode(errors="surrogateescape")
    except (FileNotFoundError, ProcessLookupError):  # it was reaped since the folder was looked at
        raise no_process(pid, root) from None
    return parse(text)


def everyone(root=ROOT):
    """The Stat of each process below `root`, by pid. One that ends meanwhile is left out."""
    found = []
    for folder in Path(root).iterdir():
        if folder.name.isdigit():
            try:
                found.append(read(int(folder.name), root))
            except ProcessLookupError:
                continue
    return sorted(found, key=lambda one: one.pid)


def children(pid, root=ROOT):
    """The Stat of each direct child of `pid`, zombies included. Raises ProcessLookupError when there is no `pid`."""
    read(pid, root)
    return [one for one in everyone(root) if one.ppid == pid]


def descendants(pid, root=ROOT):
    """The Stat of each child, grandchild, … of `pid`, parents before their children."""
    read(pid, root)
    family, known = [], {pid}
    rest = everyone(root)
    while born := [one for one in rest if one.ppid in known and one.pid not in known]:
        family += born
        known |= {one.pid for one in born}
    return family
