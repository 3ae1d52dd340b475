"""Lets real threads and processes take the steps of a path, and compares what they do with the model."""

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from iolab.explore import kernel
from iolab.explore.machine import Machine
from iolab.explore.program import CODE
from iolab.explore.stage import plain
from iolab.explore.text import step

PATIENCE = 20      # seconds for one step
TRIES = 3          # where a busy machine let a kernel's timer run out before its turn
STILL = 0.2        # seconds without a move, after which those that the model calls stuck are believed


class ReplayError(RuntimeError):
    """This machine cannot replay that level; str() says why."""


class Different(Exception):
    """Reality and the model part here; str() says how."""


@dataclass(frozen=True)
class Replay:
    """lines (list of str): the steps that were taken; same (bool): whether all of it was as the model says;
    outcome (str): how it ended, or where it was different.
    """

    lines: list
    same: bool
    outcome: str

    def __str__(self):
        return "\n".join([*self.lines, self.outcome])


def replay(variant, keys):
    """Take the path `keys` (list of str) through a Variant's graph with real threads; a Replay.

    Raises KeyError for a path that the graph does not have, ReplayError where the machine lacks what it takes.
    """
    if sys.platform != "linux":
        raise ReplayError(f"真的走一遍要在 Linux 上，这里是 {sys.platform}。")
    way = variant.graph.follow(keys)
    numbers = [0, *(after for _, after in way)]
    over = not variant.graph.edges[numbers[-1]]
    if not isinstance(variant.system, Machine):
        lines, different = on_the_wire(variant.system, keys)
    else:
        lines, different = on_the_stage(variant, way, numbers)
    if different:
        return Replay(lines, False, f"和推算的不一样：{different}")
    ending = variant.goal_of(numbers[-1]) or ("走完了，没有出事" if over else "走到这里")
    return Replay(lines, True, f"真的走了一遍，每一步都和推算的一样：{ending}。")


def on_the_wire(system, keys):
    """The steps that two kernels' TCP took, and where they were different ("" if nowhere)."""
    told = {"patient": system.start.client.patient, "tricks": system.start.tricks, "keys": list(keys)}
    for _ in range(TRIES):
        answer = ask_the_wire(told)
        if not (answer["outcome"] and answer["hurried"]):
            break
    return answer["lines"], answer["outcome"]


def ask_the_wire(told):
    done = subprocess.run([sys.executable, "-m", "iolab.explore.wire"], input=json.dumps(told).encode(),
                          env={**os.environ, "PYTHONPATH": str(CODE), "PYTHONUTF8": "1"}, capture_output=True)
    if done.returncode:
        raise ReplayError(f"没有走成：{done.stderr.decode(errors='replace').strip()[-500:]}")
    answer = json.loads(done.stdout)
    if "lacking" in answer:
        raise ReplayError(f"这台机器上不能真的走一遍：{answer['lacking']}")
    return answer


def on_the_stage(variant, way, numbers):
    """The same of threads and processes."""
    lines = []
    with Director(variant.system.program) as director:
        try:
            director.begin(variant.graph.states[0].world())
            for number, (move, after) in enumerate(way):
                director.take(move, variant.graph.states[numbers[number]].world(), variant.graph.states[after].world())
                lines.append(f"{number + 1}. {step(move)} ✓")
            director.compare_end(variant.graph.states[numbers[-1]].world(), not variant.graph.edges[numbers[-1]])
        except Different as different:
            return lines, str(different)
    return lines, ""


class Director:
    """Starts the stage, and says whose turn it is."""

    def __init__(self, program):
        self.program, self.streams, self.news, self.pids = program, {}, {}, {}

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="stage-")
        address = str(Path(self.folder.name, "s"))
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(address)
        self.listener.listen()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        environment = {**os.environ, "PYTHONPATH": str(CODE), "PYTHONUTF8": "1"}
        environment.pop("PYTHONUNBUFFERED", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "iolab.explore.stage", address], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, cwd=self.folder.name)
        told = {"text": self.program.text, "actors": self.program.actors, "family": bool(self.program.children)}
        self.process.stdin.write(json.dumps(told).encode())
        self.process.stdin.close()
        return self

    def __exit__(self, *_):
        self._kill()
        self.process.wait()
        self.process.stdout.close()
        for stream, _ in self.streams.values():
            stream.close()
        self.selector.close()
        self.listener.close()
        self.folder.cleanup()

    def _kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    # What the actors say

    def begin(self, world):
        for actor in world.actors:
            self.expect(actor.name, "at")
        self.compare(world, world.actors[0].name)

    def expect(self, name, *kinds):
        """The next of these kinds of news of an actor; others before it are forgotten."""
        deadline = time.monotonic() + PATIENCE
        while True:
            queue = self.news.setdefault(name, [])
            while queue:
                news = queue.pop(0)
                if any(kind in news for kind in kinds):
                    return news
            if not self.listen(deadline - time.monotonic()):
                raise Different(f"{name} 等了 {PATIENCE} 秒也没有走完这一步{self.printed()}")

    def listen(self, seconds):
        """Take in what is said within that time; whether anything was."""
        ready = self.selector.select(max(0, seconds))
        for key, _ in ready:
            if key.fileobj is self.listener:
                connection = self.listener.accept()[0]
                self.selector.register(connection, selectors.EVENT_READ, [b"", None])
            else:
                self._hear(key.fileobj, key.data)
        return bool(ready)

    def _hear(self, connection, memory):
        data = connection.recv(65536)
        memory[0] += data
        *lines, memory[0] = memory[0].split(b"\n")
        for news in map(json.loads, lines):
            if "hello" in news:
                memory[1] = news["hello"] or self.program.children[len(self.pids) - 1]
                self.pids[memory[1]] = news["pid"]
                self.streams[memory[1]] = connection, memory
            else:
                self.news.setdefault(memory[1], []).append(news)
        if not data:
            self.selector.unregister(connection)
            self.news.setdefault(memory[1], []).append({"gone": True})

    def tell(self, name, word):
        try:
            self.streams[name][0].sendall(f"{word}\n".encode())
        except OSError as error:
            raise Different(f"{name} 已经不在了（{error.strerror}）{self.printed()}") from None

    # One step

    def take(self, move, before, after):
        if move.actor == "内核":
            name = move.key.partition("→")[2]
            self.tell(name, "deliver")
            self.expect(name, "at")
            self.compare(after, name)
        elif move.actor in {actor.name for actor in before.actors}:  # else a background thread, which nobody holds
            self._step(move.actor, before, after)
        if len(self.program.children):
            self.wait_for_processes(after)

    def _step(self, name, before, after):
        was, now = before.actor(name).parked, after.actor(name).parked
        if was and not was.gated:
            if not now:
                self.expect(name, "at", "end")
            return
        if was:
            self.expect(name, "woken")
        self.tell(name, "go")
        for actor in after.actors[len(before.actors):]:
            self.expect(actor.name, "at")
        if now:
            if now.gated:
                self.expect(name, "parked")
            return
        self.compare(after, name, self.expect(name, "at", "end", "gone"))

    def compare(self, world, name, news=None):
        """What an actor said must be what the model says of it."""
        if not news or "gone" in news:
            return
        actor = world.actor(name)
        if news.get("end", "") != actor.end:
            raise Different(f"{name} {news.get('end') or '还在走'}，应当 {actor.end or '还在走'}")
        expected = plain({key: value for key, value in world.processes[actor.process].memory.items()})
        local = plain(actor.frames[-1].locals) if actor.frames and not actor.end else {}
        for kind, values in (("shared", expected), ("local", local)):
            for variable, value in values.items():
                real = news.get(kind, {}).get(variable)
                if real is not None and self.model_pids(real) != value:
                    raise Different(f"{name} 走完以后 {variable} 是 {real}，应当是 {value}")

    def model_pids(self, text):
        for number, pid in enumerate(self.pids.values()):
            if text == str(pid):
                return str(kernel.FIRST + number)
        return text

    # Processes

    def wait_for_processes(self, world):
        """Until the kernel says of every process what the model says of it."""
        deadline = time.monotonic() + PATIENCE
        names = {actor.process: actor.name for actor in world.actors}
        for pid, process in world.processes.items():
            real = self.pids[names[pid]]
            while (state := self.state(real)) != process.state or (process.pending and not self.pending(real)):
                if time.monotonic() > deadline:
                    raise Different(f"{names[pid]}（PID {real}）{state}，应当 {process.state}")
                time.sleep(0.001)

    def state(self, pid):
        """A process's state in the model's words."""
        if pid == self.process.pid and self.process.poll() is not None:
            return kernel.GONE
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return kernel.GONE
        if fields[0] not in "ZX":
            return kernel.RUNNING
        # an orphan's state waits for whoever adopted it
        return kernel.ZOMBIE if int(fields[1]) in self.pids.values() else kernel.GONE

    def pending(self, pid):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        masks = [int(line.split()[1], 16) for line in lines if line.startswith(("SigPnd", "ShdPnd"))]
        return any(mask & 1 << (signal.SIGCHLD - 1) for mask in masks)

    # The end

    def compare_end(self, world, over):
        if over:
            self.see_that_nothing_moves(world)
        if self.program.children:
            self._kill()
            printed, expected = self.process.stdout.read().decode(), "".join(world.out)
            if printed != expected:
                raise Different(f"打印出来的是 {printed!r}，应当是 {expected!r}")

    def see_that_nothing_moves(self, world):
        """Those that wait in the model are let go, all at once, and must not come a step further."""
        waiting = [actor for actor in world.actors if not actor.end]
        for queue in self.news.values():
            queue.clear()
        for actor in waiting:
            if not actor.parked:
                self.tell(actor.name, "go")
        deadline = time.monotonic() + (STILL if waiting else 0)
        while self.listen(deadline - time.monotonic()):
            for name in (actor.name for actor in waiting):
                for news in self.news.get(name, ()):
                    if "at" in news or "end" in news or "woken" in news or "gone" in news:
                        raise Different(f"{name} 应当停在这里，却往前走了")

    def printed(self):
        """What the stage has to say when something is wrong with it."""
        self._kill()
        words = self.process.stdout.read().decode(errors="replace").strip()
        return f"；它说：{words[-500:]}" if words else ""


