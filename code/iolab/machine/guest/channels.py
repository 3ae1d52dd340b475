"""The supervisor's loop: what comes from the page, from the cells' kernel and from the shells."""

import codecs
import contextlib
import fcntl
import functools
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
from time import CLOCK_REALTIME, clock_settime

from iolab.machine.guest import forge
from iolab.machine.guest.later import Later
from iolab.machine.guest.port import messages

MOST = 16384  # bytes that are read at once
WARMING = 30  # runs of a script; after some twenty it takes a third of the time
RNDADDENTROPY, RNDRESEEDCRNG = 0x40085203, 0x5207
HOME = os.path.abspath(__file__).partition("/code/iolab/")[0]  # /book in the machine


class Hub:
    def __init__(self, port, forge_ended):
        self.port, self._forge_ended = port, forge_ended
        self.shells, self.kernel, self.running = {}, None, None
        self.later = Later(port)

    def serve(self):
        """For as long as the machine runs."""
        forge.rename("supervisor")
        self.port.send(ready=True)
        while True:
            readers = {self.port.fd: self._from_page, self._forge_ended: _begin_anew}
            if self.later.fd >= 0:
                readers[self.later.fd] = self.later.asked
            if self.kernel:
                readers[self.kernel.reply] = self._from_kernel
                readers[self.kernel.process.fileno()] = self._after_kernel  # a fork of it may keep the pipes open
                readers |= {fd: functools.partial(self._from_stream, fd, name)
                            for name, fd in self.kernel.streams.items()}
            readers |= {shell.fd: functools.partial(self._from_shell, shell) for shell in self.shells.values()}
            writers = [self.kernel.orders] if self.kernel and self.kernel.ordered else []
            ready, writable, _ = select.select(list(readers), writers, [])
            if writable:
                self.kernel.order(b"")
            for fd in ready:
                if readers[fd]():  # there are others to listen to now
                    break

    def _new_kernel(self, folder):
        try:
            self.kernel = Kernel(folder)
        except ConnectionError:
            _begin_anew()
        self.port.send(restarted=True)

    def _from_page(self):
        for message in self.port.receive():
            try:
                getattr(self, "_do_" + message.get("do", ""), self._do_nothing)(**message)
            except (OSError, TypeError, ValueError) as error:
                self.port.send(trouble=f"{message}: {error}")
        return True

    def _do_nothing(self, **message):
        self.port.send(trouble=f"no such order: {message}")

    def _do_hello(self, time, seed, **_):
        """After a restore: the clock, and randomness that no other reader has."""
        self._do_clock(time)
        seed = bytes.fromhex(seed)
        with open("/dev/urandom", "wb", buffering=0) as device:
            fcntl.ioctl(device, RNDADDENTROPY, struct.pack("ii", 8 * len(seed), len(seed)) + seed)
            fcntl.ioctl(device, RNDRESEEDCRNG)
        self.port.send(hello=True, read=self.port.read)

    def _do_clock(self, time, **_):
        clock_settime(CLOCK_REALTIME, time)

    def _do_warm(self, **_):
        """Run things for nobody, when nothing else is to be done: what has run often runs faster in the emulator."""
        if pid := os.fork():
            os.waitpid(pid, 0)
        elif os.fork():
            os._exit(0)
        else:
            os.closerange(3, 1024)
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
            forge.install()
            warm_up()

    def _do_run(self, id, code, cell=None, **_):
        self.running = id
        try:
            if not self.kernel:
                self._new_kernel("")
        except OSError:
            return self.port.send(id=id, died=True, memory=False)
        self.kernel.new = False
        return self.kernel.send({"code": code, "cell": cell})

    def _do_answer(self, text, **_):
        if self.kernel:
            self.kernel.send({"answer": text})

    def _do_sender(self, sender, **order):
        """What a sender's form orders."""
        if self.kernel:
            self.kernel.order(json.dumps({"sender": sender} | order).encode() + b"\n")
        else:
            self.port.send(sender=sender, ended=True)

    def _do_interrupt(self, **_):
        if self.kernel:
            self.kernel.process.send_signal(signal.SIGINT)

    def _do_restart(self, folder="", **_):
        """A new kernel, its working folder `folder` of the book; the old one ends. One that is new already will do."""
        if self.kernel and self.kernel.new:
            self.kernel.change_to(folder)
            return self.port.send(restarted=True)
        self._do_end()
        return self._new_kernel(folder)

    def _do_end(self, **_):
        """The kernel ends."""
        if self.kernel:
            self.kernel.end()
            self.kernel = None

    def _do_shell(self, shell, rows, columns, **_):
        if shell in self.shells:
            self.shells[shell].resize(rows, columns)
        else:
            try:
                self.shells[shell] = Shell(shell, rows, columns)
            except OSError:
                self.port.send(shell=shell, ended=True)
                raise

    def _do_type(self, shell, text, **_):
        if shell in self.shells:
            self.shells[shell].write(text)

    def _do_size(self, shell, rows, columns, **_):
        if shell in self.shells:
            self.shells[shell].resize(rows, columns)

    def _do_close(self, shell, **_):
        if shell in self.shells:
            self.shells.pop(shell).end()
            self.port.send(shell=shell, ended=True)

    def _do_write(self, path, text, **_):
        """An edited file, at its place in the book's folder; what is not there stays out."""
        path = os.path.realpath(os.path.join(HOME, path))
        if not path.startswith(HOME + "/"):
            return self.port.send(trouble=f"not in the book's folder: {path}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return self.port.send(written=path)

    def _do_room(self, bytes, **_):
        self.later.make_room(bytes)

    def _do_came(self, trouble, **_):
        self.later.came(trouble)

    def _from_kernel(self):
        told = self.kernel.receive()
        self._drain()
        if told is None:
            return self._after_kernel()
        self._pass_on(told)
        return False

    def _pass_on(self, told):
        for message in told:
            self.port.send(**message if "sender" in message else {"id": self.running} | message)
            if "event" in message:
                self.kernel.send({"seen": True})

    def _after_kernel(self):
        """It has ended, and nobody wanted that."""
        while select.select([self.kernel.reply], [], [], 0)[0] and (told := self.kernel.receive()) is not None:
            self._pass_on(told)
        self._drain()
        memory = killed_for_memory() > self.kernel.killed_before
        self._do_end()
        self.port.send(id=self.running, died=True, memory=memory)
        return True

    def _from_stream(self, fd, name):
        self._take(fd, name)

    def _take(self, fd, name):
        """Pass on what was printed; return whether there was something, and may be more."""
        try:
            data = os.read(fd, MOST)
        except BlockingIOError:
            return False
        if text := self.kernel.decoders[name].decode(data):
            self.port.send(id=self.running, event={"kind": "stream", "name": name, "text": text})
        return bool(data)

    def _drain(self):
        """What was printed before the kernel told something: as much as pipes hold."""
        for name, fd in self.kernel.streams.items():
            for _ in range(65536 // MOST):
                if not self._take(fd, name):
                    break

    def _from_shell(self, shell):
        try:
            data = os.read(shell.fd, MOST)
        except OSError:  # EIO: nobody has the other end
            self.shells.pop(shell.number).end()
            self.port.send(shell=shell.number, ended=True)
            return True
        self.port.send(shell=shell.number, text=shell.decoder.decode(data))
        return False


def _begin_anew():
    sys.exit("the forge has gone")  # init begins anew, and the page hears it


class Kernel:
    """The process in which cells run, made by the forge. It reads lines of JSON, and writes such lines.

    orders: a descriptor with what is for its forms; ordered: of that, what it has not yet taken.
    """

    def __init__(self, folder):
        self._begun = self.ordered = b""
        self.new = True  # has run nothing
        request, self.request = os.pipe()
        orders, self.orders = os.pipe()
        self.reply, reply = os.pipe()
        (out, stdout), (err, stderr) = os.pipe(), os.pipe()
        self.streams = {"stdout": out, "stderr": err}
        self.decoders = {name: codecs.getincrementaldecoder("utf-8")("backslashreplace") for name in self.streams}
        nothing = os.open(os.devnull, os.O_RDONLY)
        theirs = [nothing, stdout, stderr, request, reply, orders]
        self.killed_before = killed_for_memory()
        self.process = forge.Ordered("kernel", theirs, list(range(6)), folder=os.path.join(HOME, "book", folder))
        for fd in theirs:
            os.close(fd)
        for fd in (self.orders, *self.streams.values()):
            os.set_blocking(fd, False)

    def change_to(self, folder):
        self.send({"folder": os.path.join(HOME, "book", folder)})

    def order(self, data):
        """Pass on `data`, after what waits already: what the pipe does not hold waits on, and nobody for it."""
        self.ordered += data
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            self.ordered = self.ordered[os.write(self.orders, self.ordered):]

    def send(self, message):
        data = json.dumps(message).encode() + b"\n"
        with contextlib.suppress(BrokenPipeError):  # it has ended, which is told where that is seen
            while data:
                data = data[os.write(self.request, data):]

    def receive(self):
        """The messages that have come, None when the kernel has ended."""
        data = os.read(self.reply, MOST)
        *lines, self._begun = (self._begun + data).split(b"\n")
        return messages(lines) if data else None

    def end(self):
        """Kill it and all in its session, and all that it had the forge make: the guardians see its pipes close."""
        self.process.kill()
        if not forge.end_group(forge.KERNEL):
            kill(members(self.process.pid))
        self.process.wait()
        for fd in (self.request, self.reply, self.orders, *self.streams.values()):
            os.close(fd)


def warm_up():
    """Scripts by the forge, then a fresh interpreter; this process ends so."""
    from iolab.launch import run

    for _ in range(WARMING):
        with contextlib.suppress(Exception):
            run("day5/fork.py", quiet=True)
    os.execv(sys.executable, [sys.executable, "-c", "import argparse, socket, signal, select"])


def killed_for_memory():
    """How many processes the kernel has killed so far because memory was used up (proc(5), vmstat)."""
    with open("/proc/vmstat") as vmstat:
        return next((int(line.split()[1]) for line in vmstat if line.startswith("oom_kill ")), 0)


def members(session):
    """The pids of all processes of a session (proc(5))."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat:
                if int(stat.read().rpartition(")")[2].split()[3]) == session:
                    found.append(int(name))
        except OSError:
            pass
    return found


class Shell:
    """A bash on a terminal of its own."""

    def __init__(self, number, rows, columns):
        self.number, self.group = number, f"{forge.SHELLS}/{number}"
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pid, self.fd = pty.fork()
        if not self.pid:
            forge.enter_group(self.group)
            forge.become_expendable()
            os.closerange(3, 1024)
            os.chdir(HOME)
            environment = os.environ | {"TERM": "xterm-256color", "HOME": "/root"}
            os.execve("/bin/bash", ["-bash"], environment)
        self.resize(rows, columns)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def write(self, text):
        os.set_blocking(self.fd, False)
        data = text.encode()
        try:
            while data:
                data = data[os.write(self.fd, data):]
        except BlockingIOError:
            pass  # a terminal that nobody reads takes 4096 bytes, and a real one would drop the rest too
        finally:
            os.set_blocking(self.fd, True)

    def end(self):
        """Hang up: whatever runs there gets SIGHUP, and what ignores it SIGKILL."""
        os.close(self.fd)
        kill([self.pid, *members(self.pid)])
        forge.end_group(self.group)
        os.waitpid(self.pid, 0)


def kill(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
