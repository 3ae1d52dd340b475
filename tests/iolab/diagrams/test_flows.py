"""The calls of the flow pictures, made with real sockets in the order of the picture: which block, and until what."""

import contextlib
import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import pytest

from iolab import diagrams
from iolab.model import Begin, Block, Call, End, Message, Note, SceneError, Wake
from processes import wait_until

FLOWS = ["handshake", "four_way_close", "three_segment_close", "tcp_server_flow", "tcp_client_flow",
         "udp_server_flow", "udp_client_flow"]
SERVERS = {"listener", "server", "passive"}
HERE = ("127.0.0.1", 0)


class Program:
    """A thread that makes one call after the other. `running` is the call that it is in, or its last."""

    def __init__(self):
        self.pool = ThreadPoolExecutor(1)
        self.tid = self.pool.submit(threading.get_native_id).result()
        self.running = None

    def call(self, function, *arguments):
        assert self.running is None or self.running.done(), "a blocked program makes a call"
        self.running = self.pool.submit(function, *arguments)

    def waits(self, one):
        """Whether the call sleeps in the kernel, on this socket."""
        number = one.fileno()
        wait_until(lambda: self.running.done() or self.sleeps_on() == number, "the call returns or blocks", 5)
        return not self.running.done()

    def sleeps_on(self):
        """The descriptor in whose system call the thread sleeps (proc(5), /proc/PID/task/TID/syscall), or None."""
        folder = Path(f"/proc/self/task/{self.tid}")
        if folder.joinpath("stat").read_text().rpartition(")")[2].split()[0] != "S":
            return None
        fields = folder.joinpath("syscall").read_text().split()
        return int(fields[1], 16) if len(fields) > 2 else None


class Stage:
    """All programs and sockets of one picture. A context manager."""

    def __init__(self, scene, patience):
        self.scene, self.patience = scene, patience
        self.kind = socket.SOCK_DGRAM if "udp" in scene.name else socket.SOCK_STREAM
        self.open, self.sockets, self.results, self.peer = contextlib.ExitStack(), {}, {}, None
        names = {"conn": "listener"}  # two sockets of one program
        programs = {actor.name: Program() for actor in scene.actors if actor.name not in names}
        self.programs = {actor.name: programs[names.get(actor.name, actor.name)] for actor in scene.actors}
        self.blocked, self.came, self.listener = {}, {}, None  # came: the last message since somebody blocked

    def __enter__(self):
        if "close" in self.scene.name:
            listener = self.open.enter_context(socket.create_server(HERE))
            self.sockets["active"] = self.open.enter_context(socket.create_connection(listener.getsockname()))
            self.sockets["passive"] = self.open.enter_context(listener.accept()[0])
        return self

    def __exit__(self, *_):
        for one in [*self.sockets.values(), self.listener]:
            with contextlib.suppress(OSError, AttributeError):
                one.shutdown(socket.SHUT_RDWR)  # wakes what still blocks
        for one in self.blocked:
            if self.kind == socket.SOCK_DGRAM:
                with socket.socket(type=self.kind) as waker:
                    waker.sendto(b"", self.sockets[one].getsockname())
        self.open.close()
        for program in self.programs.values():
            program.pool.shutdown(wait=False)

    def perform(self):
        for step in self.scene.steps:
            for place, event in enumerate(step.events):
                self.do(event, step.events[place + 1:], step)
            for actor in self.blocked.keys() - self.came.keys() - {"connect"}:
                assert not self.programs[actor].running.done(), f"{step.caption} {actor} waits for nothing"
        assert not self.came.keys() & self.blocked.keys(), "somebody waits for what has come"

    def do(self, event, later, step):
        match event:
            case Call(actor, text) if text.endswith("返回 b''"):
                assert self.results[actor] == b""
            case Call(actor, text) if name := re.fullmatch(r"(\w+)\(\)", text):
                self.call(actor, name[1], later, step)
            case Block(actor):
                assert self.programs[actor].running, f"{actor} waits in no call"
            case Message(source, target, label, lost) if not lost:
                self.came[target] = event
                if label.startswith("b'") and target not in self.blocked:
                    assert self.read(target) == self.payload(event)
                assert label != "FIN" or self.sockets[source].fileno() == -1, "a FIN, but nobody has closed"
            case Wake(actor):
                self.wake(actor, later, step)
            case Begin(actor):
                self.sockets[actor] = self.open.enter_context(self.results["listener"][0])
            case End(actor):
                assert self.sockets[actor].fileno() == -1, f"{actor} ends without close()"

    def call(self, actor, name, later, step):
        one = self.socket_of(actor, name)
        program, arguments = self.programs[actor], self.arguments(actor, name, later)
        if any(isinstance(event, Note) and "超时" in event.text for event in later):
            one.settimeout(0.05)
        if name == "socket":
            return
        assert name not in ("listen", "recvfrom") or one.getsockname()[1], f"{step.caption} nobody knows the address"
        program.call(getattr(one, name), *arguments)
        until = takewhile(lambda event: not (isinstance(event, Call) and event.actor == actor), later)
        if Block(actor) in until:
            self.blocked[actor] = name
            self.came.pop(actor, None)
            assert name == "connect" or one.gettimeout() or program.waits(one), f"{step.caption} {name}() did not block"
        else:
            assert name == "close" or not program.waits(one), f"{step.caption} {name}() blocks"
            self.results[actor] = program.running.result(self.patience)

    def wake(self, actor, later, step):
        name, program = self.blocked.pop(actor), self.programs[actor]
        came = self.came.get(actor)
        if Call(actor, "close()") in later and not came:  # the program is interrupted: no socket wakes it
            self.sockets[actor].shutdown(socket.SHUT_RDWR)
            program.running.exception(self.patience)  # the thread needs its time to come back
            return
        if self.sockets[actor].gettimeout():
            assert isinstance(program.running.exception(self.patience), TimeoutError)
            return
        assert name not in ("recv", "recvfrom") or came, f"{step.caption} {actor} wakes, but nothing came"
        result = self.results[actor] = program.running.result(self.patience)
        if name == "recvfrom":
            result, self.peer = result
        if name in ("recv", "recvfrom"):
            assert result == self.payload(came)
        if name == "accept" and "conn" not in self.sockets and self.scene.name == "tcp_client_flow":
            self.listener, self.sockets[actor] = self.sockets[actor], self.open.enter_context(result[0])

    def socket_of(self, actor, name):
        if actor not in self.sockets:
            one = self.sockets[actor] = self.open.enter_context(socket.socket(type=self.kind))
            if name in ("listen", "accept", "recvfrom"):
                one.bind(HERE)
            if name == "accept":
                one.listen()
        return self.sockets[actor]

    def arguments(self, actor, name, later):
        if name == "bind":
            return (HERE,)
        if name == "connect":
            return (self.server_address(),)
        if name in ("recv", "recvfrom"):
            return (100,)
        if name == "sendall":
            return (self.payload(self.message_of(actor, later)),)
        if name == "sendto":
            message = self.message_of(actor, later)
            deaf = self.open.enter_context(socket.socket(type=self.kind))
            deaf.bind(HERE)
            there = deaf.getsockname() if message.lost else self.peer if actor == "server" else self.server_address()
            return self.payload(message), there
        return ()

    def server_address(self):
        return next(self.sockets[name] for name in SERVERS if name in self.sockets).getsockname()

    @staticmethod
    def message_of(actor, later):
        found = [event for event in later if isinstance(event, Message) and event.source == actor]
        assert found, f"{actor} sends, and no arrow leaves it"
        return found[0]

    @staticmethod
    def payload(message):
        return b"" if message.label.startswith("FIN") else re.match(r"b'(\w*)'", message.label)[1].encode()

    def read(self, actor):
        self.sockets[actor].settimeout(self.patience)
        try:
            return self.sockets[actor].recv(100)
        finally:
            self.sockets[actor].settimeout(None)


@pytest.mark.parametrize("name", FLOWS)
def test_the_calls_of_a_picture_block_where_it_says(name):
    with Stage(diagrams.load(name), 10) as stage:
        stage.perform()


def test_connect_blocks_until_the_handshake_has_an_end():
    """Loopback answers at once: a full queue withholds the answer, as a distance does."""
    with socket.create_server(HERE, backlog=0) as listener, contextlib.ExitStack() as stack:
        stack.enter_context(socket.create_connection(listener.getsockname()))
        client, program = stack.enter_context(socket.socket()), Program()
        program.call(client.connect, listener.getsockname())
        assert program.waits(client)
        stack.enter_context(listener.accept()[0])
        assert program.running.result(10) is None
        program.pool.shutdown()


def lies(scene):
    """(what is false, steps that say it) for each call, arrow and wait of a flow."""
    calls = {event.text for step in scene.steps for event in step.events if isinstance(event, Call)}
    for number, step in enumerate(scene.steps):
        for place, event in enumerate(step.events):
            for lie in false(event, calls):
                told = [*step.events[:place], *lie, *step.events[place + 1:]]
                yield (step.caption, event, lie), [
                    *scene.steps[:number], type(step)(step.caption, *told), *scene.steps[number + 1:]]


def false(event, calls):
    match event:
        case Call(actor, text):
            others = calls & {"recv()", "recvfrom()", "close()", "listen()"} - {text}
            yield from ([Call(actor, other)] for other in others if "返回" not in text)
        case Message(source, target, label, lost) if label.startswith("b'") and not lost:
            yield [Message(target, source, label)]
        case Block(actor):
            yield []
        case Wake(actor):
            yield []


def refused(scene, steps):
    try:
        with Stage(replace(scene, steps=tuple(steps)), 0.5) as stage:
            stage.perform()
    except (SceneError, AssertionError, OSError, KeyError, TypeError, StopIteration, AttributeError, TimeoutError):
        return True
    return False


@pytest.mark.parametrize("name", [name for name in FLOWS if "flow" in name])
def test_no_lie_about_a_flow_passes(name):
    scene = diagrams.load(name)
    told = list(lies(scene))
    assert len(told) > 15 and not [what for what, steps in told if not refused(scene, steps)]
