"""The process in which cells run: one interpreter, one namespace, as a notebook's kernel."""

import ast
import asyncio
import builtins
import getpass
import inspect
import json
import linecache
import os
import random
import signal
import sys
import threading
import traceback
import weakref

from iolab.machine.guest import forge, page
from iolab.machine.guest.sender import Desk

HERE = os.path.dirname(os.path.abspath(__file__))
AWAITS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def serve(request, reply, orders, folder):
    """Run the cells that come over the descriptor `request` and tell of them over `reply`, until it is closed.

    orders: a descriptor with what the forms of senders order, also while a cell runs.
    """
    Cells(request, reply, orders).serve(folder)


class Cells:
    def __init__(self, request, reply, orders):
        self._request, self._reply = request, reply
        self._desk = Desk(orders, self._tell, self.tell)
        self._cell, self._made = None, weakref.WeakKeyDictionary()  # what ends -> (the cell that made it, how)
        self._begun, self._count, self._me = b"", 0, os.getpid()
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._telling = threading.Lock()
        self._names = {"__name__": "__main__", "__builtins__": builtins, "display": self._display}

    def serve(self, folder):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # between two cells there is nothing to stop
        forge.standard_streams(line_by_line=True)
        sys.stdout.reconfigure(errors="backslashreplace")
        self._change_to(folder)
        forge.install()
        page.install(self.tell, self._desk, self._ends_with_this_cell)
        builtins.input = lambda prompt="": self._ask(str(prompt), False)
        getpass.getpass = lambda prompt="Password: ", stream=None: self._ask(prompt, True)
        while True:
            asked = self._next("code", "folder")
            if "folder" in asked:
                self._change_to(asked["folder"])
                random.seed()  # it was seeded when the machine was stored, for all readers
                continue
            try:
                self._begin(asked.get("cell"))
                status = self._run(asked["code"])
            except KeyboardInterrupt:  # a second one, while the first was being told
                status = "error"
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._tell(done=status)

    def _change_to(self, folder):
        if os.path.isdir(folder):
            os.chdir(folder)

    def _next(self, *kinds):
        """The next message of these kinds; others, for which nobody waits any more, are left out."""
        while True:
            while b"\n" not in self._begun:
                data = os.read(self._request, 65536)
                if not data:
                    os._exit(0)
                self._begun += data
            line, _, self._begun = self._begun.partition(b"\n")
            message = json.loads(line)
            if any(kind in message for kind in kinds):
                return message

    def _tell(self, **message):
        """Any thread may; an interrupt waits, or it would cut the message or leave the lock closed."""
        data, late = json.dumps(message).encode() + b"\n", []
        if threading.current_thread() is not threading.main_thread():
            return self._write(data)
        handler = signal.signal(signal.SIGINT, lambda *interrupt: late.append(interrupt))
        self._write(data)
        signal.signal(signal.SIGINT, handler)
        if late and callable(handler):
            handler(*late[0])
        return None

    def _write(self, data):
        with self._telling:
            while data:
                data = data[os.write(self._reply, data):]

    def tell(self, event):
        """Give the page an event, after all that was printed before it and before all that will be."""
        sys.stdout.flush()
        sys.stderr.flush()
        self._tell(event=event)
        self._next("seen")

    def _ask(self, prompt, password):
        self.tell({"kind": "input", "prompt": prompt, "password": password})
        return self._next("answer")["answer"]

    def _ends_with_this_cell(self, thing, end):
        self._made[thing] = self._cell, end

    def _begin(self, cell):
        """End what an earlier run of this cell made."""
        self._cell = cell
        for thing, (maker, end) in list(self._made.items()):
            if cell is not None and maker == cell:
                del self._made[thing]
                end(thing)

    def _run(self, code):
        self._count += 1
        name = f"Cell In[{self._count}]"
        linecache.cache[name] = len(code), None, code.splitlines(True), name
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._perform(code, name)
            status = "ok"
        except BaseException as error:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            if os.getpid() != self._me:
                self._end_fork(error)
            self.tell(described(error))
            status = "error"
        if os.getpid() != self._me:
            self._end_fork(None)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        return status

    def _end_fork(self, error):
        """A process that a cell has forked came to the cell's end: here it ends."""
        if error and not isinstance(error, SystemExit):
            traceback.print_exception(error)
        sys.stdout.flush()
        code = getattr(error, "code", 0)
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)

    def _perform(self, code, name):
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        self._evaluate(compile(tree, name, "exec", AWAITS))
        if last and (value := self._evaluate(compile(ast.Expression(last.value), name, "eval", AWAITS))) is not None:
            self._names["_"] = value
            if not code.rstrip().endswith(";"):
                self._show(value)

    def _evaluate(self, code):
        asyncio._set_running_loop(self._loop)  # as in a notebook, where it runs all the time: asyncio.run() fails
        try:
            value = eval(code, self._names)
        finally:
            asyncio._set_running_loop(None)
        return self._loop.run_until_complete(value) if code.co_flags & inspect.CO_COROUTINE else value

    def _display(self, *values):
        for value in values:
            self._show(value)

    def _show(self, value):
        if hasattr(value, "_ipython_display_"):
            return value._ipython_display_()
        data = {"text/plain": pretty(value)}
        for kind, method in (("text/html", "_repr_html_"), ("text/markdown", "_repr_markdown_")):
            if hasattr(value, method):
                data[kind] = getattr(value, method)()
        return self.tell({"kind": "display", "data": data})


def pretty(value):
    """As IPython shows it: long containers over several lines."""
    import pprint

    text = repr(value)
    return text if len(text) <= 79 or type(value) not in (list, dict, tuple, set) else pprint.pformat(value, width=79)


def described(error):
    """The event of an error, its traceback without this file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(HERE):
        trace = trace.tb_next
    lines = traceback.format_exception(type(error), error, trace)
    told = "".join(lines).replace('File "Cell In[', "Cell In[").replace(']", line', "], line")  # as IPython writes it
    return {"kind": "error", "name": type(error).__name__, "message": str(error), "traceback": told.splitlines()}
