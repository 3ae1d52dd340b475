"""Runs a Program with real threads and processes, each of which waits at every step for its turn.

python -m iolab.explore.stage ADDRESS, and on standard input {"text", "actors", "family"} as JSON. A call of `gate` is
put before each step, at the places that program.py cuts at; the lines themselves are untouched. Every actor has a
connection to ADDRESS (a Unix socket). It says where it is, one JSON object a line, and waits for "go" or "deliver".
"""

import ast
import json
import multiprocessing
import os
import signal
import socket
import sys
import threading

from iolab.explore.program import endless, split_call

PROGRAM = "<program>"
END = 0          # the line of the step that ends a process
PLAIN = int | str | bytes | float | None
CHILD = {signal.SIGCHLD}
actor = threading.local()
shared = {}      # the program's globals


class Gates(ast.NodeTransformer):
    """Puts gates into the functions of a program."""

    def visit_FunctionDef(self, node):
        node.body = self.block(node.body)
        return node

    def block(self, statements):
        return [made for statement in statements for made in self.statement(statement)]

    def statement(self, node):
        match node:
            case ast.Global() | ast.Pass() | ast.Break() | ast.Continue() | ast.Expr(value=ast.Constant()):
                return [node]
            case ast.If() | ast.While():
                if not (isinstance(node, ast.While) and endless(node.test)):
                    node.test = self.made(node, f"(__gate__({node.lineno}, locals()), None)[1]", node.test)
                node.body, node.orelse = self.block(node.body), self.block(node.orelse)
                return [node]
            case ast.For():
                node.iter = self.made(node, f"__each__({node.lineno}, locals(), lambda: None)", node.iter)
                node.body = self.block(node.body)
                return [node]
            case ast.With():
                node.body = [ast.Try(self.block(node.body), [], [], [self.gate(node)])]
                return [self.gate(node), node]
            case _:
                return [self.gate(node), node]

    def gate(self, node):
        return ast.parse(f"__gate__({node.lineno}, locals())").body[0]

    def made(self, node, text, part):
        """The expression `text` with `part` in place of its None."""
        class Put(ast.NodeTransformer):
            def visit_Constant(self, constant):
                return part if constant.value is None else constant
        return Put().visit(ast.parse(text, mode="eval").body)


def instrumented(text):
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    tree.body = [Gates().visit(node) if node in functions else node for node in tree.body]
    return compile(ast.fix_missing_locations(tree), PROGRAM, "exec")


def each(line, local, values):
    """Goes through values(), with a gate before each and before their end."""
    gate(line, local)
    for value in values():
        yield value
        gate(line, local)


def gate(line, local=None):
    """Wait here until it is this actor's turn."""
    if not hasattr(actor, "name"):
        return
    report(at=line, local=plain(local or {}))
    while (told := hear()) == "deliver":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, CHILD)  # the handler runs here, and has gates of its own
        signal.pthread_sigmask(signal.SIG_BLOCK, CHILD)
        report(at=line, local=plain(local or {}))
    assert told == "go", told


def report(**words):
    if actor.pid != os.getpid():  # a child speaks for itself
        connect("", actor.address)
    actor.stream.write(json.dumps({**words, "shared": plain(shared)}) + "\n")
    actor.stream.flush()


def hear():
    line = actor.stream.readline()
    if not line:
        os._exit(1)  # who directs the play is gone
    return line.strip()


def connect(name, address):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    actor.name, actor.pid, actor.address = name, os.getpid(), address
    actor.stream = connection.makefile("rw", encoding="utf-8")
    report(hello=name, pid=actor.pid)


def plain(names):
    """What can be compared with the model: {name: repr} of numbers, texts and collections of these."""
    return {name: repr(value) for name, value in names.items() if not name.startswith("__") and is_plain(value)}


def is_plain(value):
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return all(map(is_plain, value)) if isinstance(value, list | tuple) else isinstance(value, PLAIN)


def asked_by_program():
    """Whether the wait() that is two calls up stands in the program, or in an Event's wait() that does.

    Threads wait for other reasons too: start() for the new one to run.
    """
    wait = sys._getframe(2)
    return PROGRAM in (wait.f_back.f_code.co_filename, wait.f_back.f_back.f_code.co_filename)


class Condition(threading.Condition):
    """With a gate in the middle of wait(): the one that was woken takes the lock when it is its turn."""

    def __init__(self, lock=None):
        super().__init__(lock)
        release, restore = self._release_save, self._acquire_restore

        def release_and_tell():
            state = release()
            if asked_by_program():
                report(parked=True)
            return state

        def restore_in_turn(state):
            if asked_by_program():
                report(woken=True)
                hear()
            restore(state)

        self._release_save, self._acquire_restore = release_and_tell, restore_in_turn


class Process(multiprocessing.get_context("fork").Process):
    """Ends when it is its turn."""

    def run(self):
        super().run()
        gate(END)


def pause():
    """signal.pause() that is woken by the signal when it is its turn."""
    report(parked=True)
    hear()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, CHILD)
    signal.pthread_sigmask(signal.SIG_BLOCK, CHILD)


def play(name, call, address):
    """A thread that is an actor."""
    connect(name, address)
    function, arguments = split_call(call)
    try:
        shared[function](*arguments)
    except Exception as error:
        report(end=f"死于 {type(error).__name__}")
    else:
        report(end="做完了")
    actor.stream.close()


def main(address):
    told = json.load(sys.stdin)
    threading.Condition, signal.pause = Condition, pause
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    multiprocessing.Process, multiprocessing.Queue = Process, multiprocessing.get_context("fork").Queue
    shared.update(__gate__=gate, __each__=each, __name__="program")
    exec(instrumented(told["text"]), shared)
    if not told["family"]:
        threads = [threading.Thread(target=play, args=(name, call, address)) for name, call in told["actors"].items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, CHILD)
    ((name, call),) = told["actors"].items()
    connect(name, address)
    function, arguments = split_call(call)
    shared[function](*arguments)
    gate(END)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
