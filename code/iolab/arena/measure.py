"""One meeting: one server, one load, each pinned to a core of its own, or both on all where the server computes."""

import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from iolab.arena.pinning import cores, pin
from iolab.launch import serve
from iolab.procfs import fd, stat

LOAD = Path(__file__).with_name("load.py")
SIZE = 64  # bytes a message
FAREWELL = "服务器停止"  # what servers of the book say when they are ended: it tells nothing of a meeting


@dataclass(frozen=True)
class Row:
    """What one meeting showed. Rates a second, latencies in ms, CPU in cores, memory in bytes.

    loops: what an answer costs, see Contender.at_work; 0: it is a bare echo, and the server has one core.
    held: connections that the server really took, of active + idle that were wanted; problem: what stopped it (None:
    nothing), says: the server's own last line before it was ended; waiting: of the active clients, those whose echo
    waits for the load, not for the server (see load.ask). Mean, median and p99 are of the same run as the rate. Without
    all active clients the figures of the load are None.
    """

    contender: str
    active: int
    idle: int
    loops: int
    held: int
    problem: str | None
    says: str
    rate: float | None = None
    mean_ms: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    server_cpu: float | None = None
    waiting: float | None = None
    bytes_per_connection: float | None = None
    descriptors_per_connection: float | None = None

    def to_dict(self):
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


def meet(contender, active, idle, seconds, batch=1, loops=0):
    """Measure a Contender with `active` clients that ask for `seconds` beside `idle` ones that do not; return a Row.

    batch: connections that are opened at once; loops: of computing before each echo. Where the server computes it may
    use all cores, and so may the load, which has little to do then and sleeps.
    """
    wanted = active + idle
    tried = min(wanted, contender.most or wanted)
    entrant = contender.at_work(loops) if loops else contender
    with (all_descriptors(), _environment(contender.env),
          serve(entrant.script, *entrant.args, command=entrant.command()) as server):
        row = visit(contender.name, server.pid, server.address, active, tried - active, seconds, batch,
                    free=bool(loops))
    problem = row.problem or (contender.why if tried < wanted else None)
    said = [line for line in server.output.splitlines() if line != FAREWELL]
    return replace(row, idle=idle, loops=loops, problem=problem, says=said[-1] if said else "")


def visit(name, pid, address, active, idle, seconds, batch=1, limit=float("inf"), meanwhile=None, free=False):
    """The Row of a server that runs as process `pid` and listens at address (host, port).

    limit: seconds for opening all connections; meanwhile: called when all are held and none asks; free:
    whether both may run wherever they like.
    """
    server_core, load_core = (None, None) if free else cores()
    with contextlib.suppress(ProcessLookupError):  # it has ended: then no connection will be held
        pin(pid, server_core)
    before = _weigh(pid)
    wait = 1 if load_core is None else 0  # with a core of its own the load may spin
    arguments = [*address, active, idle, seconds, SIZE, wait, batch, limit]
    load = subprocess.Popen([sys.executable, "-I", str(LOAD), *map(str, arguments)],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with load:
        try:
            pin(load.pid, load_core)
            held = json.loads(load.stdout.readline())
            if meanwhile and held["held"] == active + idle:
                meanwhile()
            after, family = _weigh(pid), _tree(pid)
            cpu = _cpu(family)
            load.stdin.write("go\n")
            load.stdin.flush()
            line = load.stdout.readline()
            cpu = _cpu(family) - cpu
        finally:
            load.kill()
    result, figures = json.loads(line or "{}"), {}
    problem = held["problem"] or result.get("problem")
    if "requests" in result:
        figures = {"rate": result["requests"] / result["seconds"], "server_cpu": cpu / result["seconds"],
                   **{name: result[name] for name in ("mean_ms", "p50_ms", "p99_ms", "waiting")}}
    if held["held"]:
        figures["bytes_per_connection"], figures["descriptors_per_connection"] = (
            (new - old) / held["held"] for new, old in zip(after, before, strict=True))
    return Row(name, active, idle, 0, held["held"], problem, "", **figures)


@contextlib.contextmanager
def all_descriptors():
    """Let the server, which inherits it, open as many descriptors as the hard limit allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.contextmanager
def _environment(extra):
    """Let the server inherit these variables."""
    before = {name: os.environ.get(name) for name, _ in extra}
    os.environ.update(extra)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _tree(pid):
    """The pids of a process and all below it; only its own when it has ended."""
    try:
        return [pid, *(below.pid for below in stat.descendants(pid))]
    except ProcessLookupError:
        return [pid]


def _weigh(pid):
    """(bytes, descriptors) of a process and all below it: anonymous memory, shared pages once (Pss_Anon, proc(5))."""
    memory = descriptors = 0
    for one in _tree(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            memory += 1024 * int(rollup.partition("\nPss_Anon:")[2].split()[0])
            descriptors += fd.count(one)
    return memory, descriptors


def _cpu(pids):
    """CPU seconds that these processes have used, to the nanosecond: their clocks, as clock_getcpuclockid(3) has it."""
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += time.clock_gettime(~pid << 3 | 2)
    return total
