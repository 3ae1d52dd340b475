"""A Program as a system for graph.py: every thread may take its next step, in every order.

A state is a pickled World, so that steps cannot disturb each other; equal worlds are found by `frozen`.
"""

import pickle
from dataclasses import dataclass, field
from types import SimpleNamespace

from iolab.explore import kernel, things
from iolab.explore.graph import Move
from iolab.explore.program import split_call

BUILTINS = {one.__name__: one for one in (
    abs, all, any, bool, bytes, dict, divmod, enumerate, float, int, isinstance, len, list, map, max, min, range, repr,
    reversed, round, set, sorted, str, sum, tuple, zip, BaseException, BlockingIOError, ChildProcessError, Exception,
    IndexError, KeyError, RuntimeError, ValueError)}
DONE, DIED = "做完了", "死于"


@dataclass
class Frame:
    function: str
    at: int = 0
    locals: dict = field(default_factory=dict)
    contexts: list = field(default_factory=list)  # (entered thing, place of its exit)
    loops: dict = field(default_factory=dict)     # place of a `for` -> what is left of it
    store: tuple = None                           # (function, place) of the call that takes the value
    parked: object = None                         # the thing in whose call it waits with half a step done


@dataclass
class Actor:
    name: str
    process: int
    frames: list
    error: tuple = None   # (name of the exception, its text) on its way out
    end: str = ""

    @property
    def parked(self):
        return self.frames[-1].parked if self.frames else None


@dataclass
class World:
    actors: list
    processes: dict       # pid -> kernel.Process
    pipes: list = field(default_factory=list)   # of multiprocessing.Queues
    out: list = field(default_factory=list)

    def actor(self, name):
        return next(actor for actor in self.actors if actor.name == name)


class State:
    """A World that can be told from others, and shown to the tests of goals."""

    def __init__(self, world):
        self.pickle, self.key = pickle.dumps(world, -1), frozen(world)

    def __eq__(self, other):
        return self.key == other.key

    def __hash__(self):
        return hash(self.key)

    def world(self):
        return pickle.loads(self.pickle)


class View:
    """What a goal may ask of a state: the program's variables are its attributes (of the first process)."""

    def __init__(self, world, machine):
        self.world, self.machine = world, machine

    def __getattr__(self, name):
        memory = self.world.processes[kernel.FIRST].memory
        if name not in memory:
            raise AttributeError(f"程序里没有变量 {name}，有 {'、'.join(memory)}")
        return memory[name]

    @property
    def waiting(self):
        """The names of those that have not ended."""
        return [actor.name for actor in self.world.actors if not actor.end]

    @property
    def printed(self):
        return "".join(self.world.out)

    def died(self, *errors):
        """Those that ended with one of these exceptions, or with any."""
        ends = [f"{DIED} {error}" for error in errors]
        return [actor.name for actor in self.world.actors if actor.end in ends or (not ends and actor.end[:2] == DIED)]

    def before(self, words):
        """The names of those whose next line contains these words."""
        return [actor.name for actor in self.world.actors if not actor.end and not actor.parked
                and words in self.machine.label(actor)]

    def process(self, name):
        """The kernel.Process of an actor; None before it was forked."""
        for actor in self.world.actors:
            if actor.name == name:
                return self.world.processes[actor.process]
        return None


class Machine:
    """The system of a Program. code and source: its lines, and the teaching script that they come from."""

    def __init__(self, program):
        self.program = program
        self.start = State(self._begin())
        self.code, self.source = program.lines, program.source

    def _begin(self):
        program = self.program
        processes = {kernel.FIRST: kernel.Process(kernel.FIRST, 1)}
        memory = processes[kernel.FIRST].memory
        world = World([], processes)
        nobody = SimpleNamespace(name="", process=kernel.FIRST)
        self._run(lambda: exec(program.shared, memory), world, nobody, memory)
        for name, value in list(memory.items()):
            christen(name, value)
        for name, call in program.actors.items():
            function, arguments = split_call(call)
            frame = Frame(function, 0, dict(zip(program.functions[function][0], arguments, strict=True)))
            world.actors.append(Actor(name, kernel.FIRST, [frame]))
            self._settle(world, world.actors[-1])
        return world

    # What graph.py asks for

    def moves(self, state):
        return list(self._moves(state))

    def blocked(self, state):
        """{actor: why it cannot take its next step}, of those that have not ended."""
        reasons = {}
        for name in [actor.name for actor in state.world().actors if not actor.end]:
            outcome = self._attempt(state, name)
            if isinstance(outcome, str):
                reasons[name] = outcome
        return reasons

    def _moves(self, state):
        world = state.world()
        for actor in world.actors:
            if not actor.end:
                label = self.label(actor)
                after = self._attempt(state, actor.name)
                if not isinstance(after, str):
                    yield Move(actor.name, label, State(after))
        for pid, process in world.processes.items():
            if process.feeding and world.pipes[process.feeding[0]].room():
                after = state.world()
                kernel.feed(after, pid)
                thread = f"{self._owner(world, pid)}的后台线程"
                yield Move(thread, "往管道里写一段（64 KiB）", State(after))
            if process.deliverable():
                after = state.world()
                name = self._deliver(after, pid)
                yield Move("内核", f"把 SIGCHLD 送到{name}", State(after), f"内核→{name}")

    def _owner(self, world, pid):
        return next(actor.name for actor in world.actors if actor.process == pid)

    def label(self, actor):
        """What the next step of an actor is called."""
        if actor.parked:
            return actor.parked.goes_on
        op = self.op(actor)
        if op is None:
            return "程序结束：写出缓冲区里剩下的"
        words = self.program.words(op.line)
        return words if op.kind != "exit" else f"离开 {words.removesuffix(':')}"

    def op(self, actor):
        """The Op that an actor takes next, None at the end of its process."""
        frame = actor.frames[-1]
        ops = self.program.functions[frame.function][1]
        return ops[frame.at] if frame.at < len(ops) else None

    def observe(self, state):
        return View(state.world(), self)

    def view(self, state):
        """What a reader sees of a state: {"at": {actor: line}, "why": {actor: why it does not move}, "values": {…}}."""
        world, why = state.world(), self.blocked(state)
        at = {actor.name: self.line(actor) for actor in world.actors if not actor.end}
        ended = {actor.name: actor.end for actor in world.actors if actor.end}
        return {"at": at, "why": {**why, **ended}, "values": dict(self._values(world))}

    def line(self, actor):
        op = self.op(actor)
        return op.line if op else self.program.ends[actor.frames[-1].function]

    def _values(self, world):
        family = bool(self.program.children)
        for pid, process in world.processes.items():
            owner = self._owner(world, pid)
            for name, value in process.memory.items():
                if name not in self.program.hide:
                    yield from shown(f"{owner}.{name}" if family else name, value)
        for actor in world.actors:
            for frame in actor.frames:
                for name, value in frame.locals.items():
                    if name not in self.program.hide:
                        yield from shown(f"{actor.name}.{name}", value)
        if family:
            yield from self._family(world)

    def _family(self, world):
        for pid, process in world.processes.items():
            owner = self._owner(world, pid)
            if pid != kernel.FIRST:
                adopted = "，孤儿" if process.adopted and process.state == kernel.RUNNING else ""
                yield f"{owner}（PID {pid}）", process.state + adopted
            if process.handler and (pid == kernel.FIRST or process.pending):
                yield f"{owner} 的 SIGCHLD", "等着送达" if process.pending else "没有"
            if process.buffer:
                yield f"{owner} 的缓冲区", repr("".join(process.buffer))
        if "print(" in self.program.text:
            yield "已经写出", repr("".join(world.out))

    # One step

    def _attempt(self, state, name):
        """The World after the actor's next step, or the reason (str) why it must wait."""
        world = state.world()
        actor = world.actor(name)
        try:
            self._step(world, actor)
        except things.Blocked as blocked:
            return str(blocked)
        self._settle(world, actor)
        return world

    def _step(self, world, actor):
        memory = world.processes[actor.process].memory
        try:
            if actor.parked:
                self._run(actor.parked.resume, world, actor, memory)
                actor.frames[-1].parked = None
                actor.frames[-1].at += 1
                return
            op = self.op(actor)
            if op is None:
                kernel.end(world, actor.process, 0)
                return
            getattr(self, f"_{op.kind}")(op, world, actor, actor.frames[-1], memory)
        except things.Parked as parked:
            actor.frames[-1].parked = parked.thing
        except kernel.Ended:
            pass
        except Exception as error:
            if isinstance(error, things.Blocked):
                raise
            self._throw(actor, (type(error).__name__, str(error)))

    def _run(self, action, world, actor, memory):
        """Do it with `builtins` that belong to this world and actor."""
        things.acting, things.world, things.machine = actor.name, world, self
        memory["__builtins__"] = BUILTINS | api(world, actor, self)
        try:
            return action()
        finally:
            del memory["__builtins__"]

    def _evaluate(self, op, world, actor, frame, memory):
        return self._run(lambda: eval(op.code, memory, frame.locals), world, actor, memory)

    def _do(self, op, world, actor, frame, memory):
        def act():
            frame.at += 1  # a fork copies the place behind it
            exec(op.code, memory, frame.locals)
        try:
            self._run(act, world, actor, memory)
        except things.Parked:
            frame.at -= 1
            raise

    def _test(self, op, world, actor, frame, memory):
        frame.at = frame.at + 1 if self._evaluate(op, world, actor, frame, memory) else op.goto

    def _for(self, op, world, actor, frame, memory):
        rest = frame.loops.pop(frame.at, None)
        if rest is None:
            rest = list(self._evaluate(op, world, actor, frame, memory))
        if not rest:
            frame.at = op.goto
            return
        frame.loops[frame.at] = rest[1:]
        self._assign(op.store, rest[0], world, actor, frame, memory)
        frame.at += 1

    def _assign(self, code, value, world, actor, frame, memory):
        frame.locals["_"] = value
        self._run(lambda: exec(code, memory, frame.locals), world, actor, memory)
        del frame.locals["_"]

    def _enter(self, op, world, actor, frame, memory):
        thing = self._evaluate(op, world, actor, frame, memory)
        self._run(thing.enter, world, actor, memory)
        frame.contexts.append((thing, op.goto))
        frame.at += 1

    def _exit(self, op, world, actor, frame, memory):
        thing, _ = frame.contexts.pop()
        self._run(thing.exit, world, actor, memory)
        error, actor.error = actor.error, None
        frame.at += 1
        if error and not (isinstance(thing, things.Suppress) and error[0] in thing.kinds):
            self._throw(actor, error)

    def _call(self, op, world, actor, frame, memory):
        arguments = self._evaluate(op, world, actor, frame, memory)
        names = self.program.functions[op.name][0]
        actor.frames.append(Frame(op.name, 0, dict(zip(names, arguments, strict=True)),
                                  store=(frame.function, frame.at)))

    def _return(self, op, world, actor, frame, memory):
        value = self._evaluate(op, world, actor, frame, memory)
        self._leave(world, actor, value)

    def _leave(self, world, actor, value):
        """The innermost function is over; its caller goes on behind the call."""
        over = actor.frames.pop()
        if not over.store:
            if not actor.frames:
                actor.frames.append(over)  # its last values stay in sight
                over.at = len(self.program.functions[over.function][1])
                self._finish(world, actor)
            return
        frame, (function, place) = actor.frames[-1], over.store
        store = self.program.functions[function][1][place].store
        if store:
            self._assign(store, value, world, actor, frame, world.processes[actor.process].memory)
        frame.at = place + 1

    def _finish(self, world, actor):
        """A thread is done; the main thread of a program that forks still has to end its process."""
        if not self.program.children:
            actor.end = DONE

    def _throw(self, actor, error):
        """An exception leaves the innermost `with` first, if there is one."""
        while actor.frames:
            frame = actor.frames[-1]
            if frame.contexts:
                actor.error, frame.at = error, frame.contexts[-1][1]
                return
            actor.frames.pop()
        actor.end = f"{DIED} {error[0]}"

    def _settle(self, world, actor):
        """Go through all that takes no step of its own: jumps, and the end of a function."""
        while actor.frames and not actor.end and not actor.parked:
            frame = actor.frames[-1]
            ops = self.program.functions[frame.function][1]
            if frame.at < len(ops) and ops[frame.at].kind == "jump":
                frame.at = ops[frame.at].goto
            elif frame.at >= len(ops) and (frame.store or len(actor.frames) > 1 or not self.program.children):
                self._leave(world, actor, None)
            else:
                break
        for other in world.actors:
            if other is not actor and other.frames and not other.end and self._jumping(other):
                self._settle(world, other)

    def _jumping(self, actor):
        ops = self.program.functions[actor.frames[-1].function][1]
        at = actor.frames[-1].at
        return (at < len(ops) and ops[at].kind == "jump") or (
            at >= len(ops) and (bool(actor.frames[-1].store) or len(actor.frames) > 1))

    def _deliver(self, world, pid):
        """The kernel lets a process's handler run; the name of the process's main thread."""
        process = world.processes[pid]
        process.pending = False
        actor = next(actor for actor in world.actors if actor.process == pid)
        if isinstance(actor.parked, kernel.Pause):  # it returns when the handler has
            actor.frames[-1].parked = None
            actor.frames[-1].at += 1
        actor.frames.append(Frame(process.handler, 0, dict(zip(self.program.functions[process.handler][0],
                                                               (17, None), strict=True))))
        self._settle(world, actor)
        return actor.name


def api(world, actor, machine):
    """What a program finds under names that it has not made: modelled modules in place of the real ones."""
    functions = {name: name for name in machine.program.functions}
    return {
        **functions,
        "threading": SimpleNamespace(Lock=things.Lock, RLock=things.RLock, Semaphore=things.Semaphore,
                                     BoundedSemaphore=things.BoundedSemaphore, Event=things.Event,
                                     Condition=things.Condition),
        "socket": SimpleNamespace(socketpair=things.socketpair, MSG_WAITALL=things.Socket.WAITALL),
        "select": SimpleNamespace(epoll=things.Poller, EPOLLIN=things.Poller.IN, EPOLLET=things.Poller.EDGE),
        "queue": SimpleNamespace(Queue=things.Queue),
        "contextlib": SimpleNamespace(suppress=lambda *kinds: things.Suppress(*(kind.__name__ for kind in kinds))),
        **kernel.api(world, actor, machine),
    }


def shown(name, value):
    """(name, text) of a variable, or of all the things in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if any(isinstance(item, things.Thing) for _, item in items):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from shown(f"{name}[{key!r}]", item)
    else:
        yield name, str(value) if isinstance(value, things.Thing) else repr(value)


def christen(name, value):
    """Give everything that threads share the name of its variable."""
    if isinstance(value, things.Thing):
        value.name = name
    elif isinstance(value, dict):
        for key, item in value.items():
            christen(f"{name}[{key!r}]", item)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            christen(f"{name}[{number}]", item)


def frozen(value, seen=None):
    """A hashable value, equal for equal worlds: what is met again is told from what only looks the same."""
    seen = {} if seen is None else seen
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    if isinstance(value, tuple):
        return tuple(frozen(item, seen) for item in value)
    if id(value) in seen:
        return "↑", seen[id(value)]
    seen[id(value)] = len(seen)
    if isinstance(value, list):
        return "list", tuple(frozen(item, seen) for item in value)
    if isinstance(value, set | frozenset):
        return "set", tuple(sorted(map(repr, value)))
    if isinstance(value, dict):
        return "dict", tuple((frozen(key, seen), frozen(value[key], seen)) for key in sorted(value, key=repr))
    return type(value).__name__, frozen(vars(value), seen)
