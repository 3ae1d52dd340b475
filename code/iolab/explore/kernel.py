"""Processes, as far as levels need them: fork copies memory and buffers, the end leaves a zombie and a signal.

SIGCHLD is one bit a process, whatever number of children end before it is delivered (signal(7): standard signals do
not queue). An orphan goes to process 1, which reaps at once. What was printed waits in a buffer until it is flushed.
"""

import pickle
from dataclasses import dataclass, field
from types import SimpleNamespace

from iolab.explore import things
from iolab.explore.things import Blocked, Parked, Thing

FIRST = 100
WNOHANG, SIGCHLD = 1, 17
PIPE = 65536
RUNNING, ZOMBIE, GONE = "运行", "僵尸", "回收了"


class Ended(Exception):
    """The process that took the step is no more."""


@dataclass
class Process:
    pid: int
    parent: int
    memory: dict = field(default_factory=dict)
    buffer: list = field(default_factory=list)   # printed, not yet written
    handler: str = ""                            # of SIGCHLD
    pending: bool = False
    state: str = RUNNING
    code: int = 0
    adopted: bool = False
    feeding: list = field(default_factory=list)  # for each piece that a background thread has to write, the pipe

    def deliverable(self):
        return self.pending and bool(self.handler) and self.state == RUNNING


class Pause(Thing):
    """signal.pause()"""

    def resume(self):
        raise Blocked("睡着，等一个信号")


@dataclass
class Pipe:
    """Of a multiprocessing.Queue: one piece of 64 KiB fits; `missing` pieces of a message have not been read."""

    written: int = 0
    missing: int = 0

    def room(self):
        return not self.written


class ProcessQueue(Thing):
    """multiprocessing.Queue: put hands over to a background thread, which writes into a pipe."""

    def __init__(self):
        self.pipe = len(things.world.pipes)
        things.world.pipes.append(Pipe())

    def put(self, data):
        pieces = -(-len(data) // PIPE)
        things.world.pipes[self.pipe].missing += pieces
        owner = things.world.actor(things.acting)
        things.world.processes[owner.process].feeding += [self.pipe] * pieces

    def get(self):
        self.resume()

    def resume(self):
        pipe = things.world.pipes[self.pipe]
        if not pipe.written:
            raise Blocked("管道空着，等对方写")
        pipe.written -= 1
        pipe.missing -= 1
        if pipe.missing:
            raise Parked(self)

    def __str__(self):
        return "队列"


class Child(Thing):
    """multiprocessing.Process"""

    def __init__(self, target, args=()):
        self.target, self.args, self.pid = target, args, None

    def start(self):
        world, machine = things.world, things.machine
        process, child = fork(world, world.actor(things.acting), machine)
        names = machine.program.functions[self.target][0]
        frame = type(child.frames[-1])(self.target, 0, dict(zip(names, self.args, strict=True)))
        child.frames = [frame]
        self.pid = process.pid
        machine._settle(world, child)

    def join(self):
        process = things.world.processes[self.pid]
        if process.state == RUNNING:
            raise Blocked("等子进程结束")
        process.state = GONE

    def __str__(self):
        return f"PID {self.pid}" if self.pid else "还没有启动"


def feed(world, pid):
    """The background thread of a process writes one piece."""
    world.pipes[world.processes[pid].feeding.pop(0)].written += 1


def fork(world, actor, machine):
    """A copy of the process and its thread; the new Process and Actor."""
    old = world.processes[actor.process]
    memory = {name: value for name, value in old.memory.items() if name != "__builtins__"}
    pid = FIRST + len(world.processes)
    frames, memory, buffer = pickle.loads(pickle.dumps((actor.frames, memory, old.buffer)))
    child = type(actor)(machine.program.children[len(world.processes) - 1], pid, frames)
    world.processes[pid] = Process(pid, old.pid, memory, buffer, old.handler)
    world.actors.append(child)
    return world.processes[pid], child


def end(world, pid, code, flush=True):
    """What the kernel does when a process ends. Raises Blocked while its background threads have to write."""
    process = world.processes[pid]
    if flush and process.feeding:
        raise Blocked(f"等后台线程写完，还有 {len(process.feeding)} 段")
    if flush:
        world.out += process.buffer
        process.buffer = []
    process.state, process.code = ZOMBIE, code
    for other in world.processes.values():
        if other.parent == pid and other.state != GONE:
            other.parent, other.adopted = 1, other.state == RUNNING
            if other.state == ZOMBIE:
                other.state = GONE
    if process.parent == 1:
        process.state = GONE
    else:
        world.processes[process.parent].pending = bool(world.processes[process.parent].handler)
    for actor in world.actors:
        if actor.process == pid:
            actor.end, actor.frames = f"结束，退出码 {code}", []


def api(world, actor, machine):
    """print, os and signal for the actor."""
    here = world.processes[actor.process]

    def show(*words, flush=False, sep=" ", end="\n"):
        here.buffer.append(sep.join(map(str, words)) + end)
        if flush:
            write()

    def write():
        world.out += here.buffer
        here.buffer = []

    def do_fork():
        process, child = fork(world, actor, machine)
        things.acting = child.name
        frame = child.frames[-1]
        op = machine.program.functions[frame.function][1][frame.at - 1]
        namespace = api(world, child, machine)
        namespace["os"].fork = lambda: 0
        process.memory["__builtins__"] = namespace
        exec(op.code, process.memory, frame.locals)
        del process.memory["__builtins__"]
        machine._settle(world, child)
        things.acting = actor.name
        return process.pid

    def waitpid(pid, options=0):
        children = [p for p in world.processes.values() if p.parent == here.pid and p.state != GONE
                    and pid in (-1, p.pid)]
        if not children:
            raise ChildProcessError("[Errno 10] No child processes")
        for child in children:
            if child.state == ZOMBIE:
                child.state = GONE
                return child.pid, child.code << 8
        if options & WNOHANG:
            return 0, 0
        raise Blocked("等子进程结束")

    def leave(code):
        end(world, here.pid, code, flush=False)
        raise Ended

    def handle(number, handler):
        here.handler = handler

    def pause():
        raise Parked(Pause())

    return {
        "print": show,
        "multiprocessing": SimpleNamespace(Queue=ProcessQueue, Process=Child),
        "os": SimpleNamespace(fork=do_fork, waitpid=waitpid, wait=lambda: waitpid(-1), _exit=leave, WNOHANG=WNOHANG,
                              getpid=lambda: here.pid, getppid=lambda: here.parent,
                              waitstatus_to_exitcode=lambda status: status >> 8),
        "sys": SimpleNamespace(stdout=SimpleNamespace(flush=write)),
        "signal": SimpleNamespace(SIGCHLD=SIGCHLD, signal=handle, pause=pause),
    }
