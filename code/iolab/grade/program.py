"""The student's program while it runs: started, measured and ended, whatever it does."""

import contextlib
import os
import signal
import socket
import threading
import time
from dataclasses import dataclass

from iolab.grade.lab import Failed
from iolab.grade.transcript import plain
from iolab.launch.child import Child, ScriptError, describe
from iolab.launch.server import READY
from iolab.procfs import fd, net, stat, status

PAGE = os.sysconf("SC_PAGE_SIZE")
MOST_MEMORY, MOST_PROCESSES = 1 << 30, 1000  # beyond these the machine is in danger, whatever the scenario
SLOW_START = 4  # times the patience for an answer: some languages need a second to start
SAID = 3  # lines of the program's own words that a failure shows


@dataclass(frozen=True)
class Figures:
    """What a program and all its descendants hold. memory, peak: bytes now, and at the most; cpu: seconds."""

    memory: int
    peak: int
    descriptors: int
    processes: int
    threads: int
    zombies: int
    cpu: float


class PortTaken(OSError):
    """Somebody else listens where the program should."""


class Program:
    """A command that runs, with all it starts. Raises Failed when it does not start.

    streams: as for launch's Child. The watch ends a program that eats the machine; `excess` then says why.
    """

    def __init__(self, command, arguments=(), pattern=None, streams=None, name=None):
        self.excess, self._stopped = None, threading.Event()
        try:
            self._child = Child(name or command[0], arguments, cwd=os.getcwd(), pattern=pattern, command=command,
                                streams=streams)
        except ScriptError as error:
            raise Failed("程序启动", f"命令不能执行：{plain(str(error).splitlines()[-1])}", "start") from None
        self.pid = self._child.pid
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def _look(self):
        while not self._stopped.wait(0.1):
            family = self.family()
            memory = sum(one.rss for one in family) * PAGE
            if memory > MOST_MEMORY:
                self.excess = f"占了 {memory >> 20} MiB 内存"
            elif len(family) > MOST_PROCESSES:
                self.excess = f"有 {len(family)} 个进程"
            if self.excess:
                self._child.stop()
                return

    @property
    def output(self):
        return self._child.output

    @property
    def status(self):
        return self._child.status

    def family(self):
        """The Stat of the program and of all below it that live."""
        found, queue = [], [self.pid]
        while queue:
            pid = queue.pop()
            with contextlib.suppress(OSError, ProcessLookupError):
                found.append(stat.read(pid))
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children") as children:
                        queue += map(int, children.read().split())
        return found

    def figures(self):
        family, descriptors, peak, cpu = self.family(), 0, 0, 0.0
        for one in family:
            with contextlib.suppress(OSError):
                peak += status.peak_memory(one.pid)
            with contextlib.suppress(OSError):
                descriptors += fd.count(one.pid)
            with contextlib.suppress(OSError):
                cpu += time.clock_gettime(~one.pid << 3 | 2)  # to the nanosecond: clock_getcpuclockid(3)
        living = [one for one in family if one.state != "Z"]
        return Figures(sum(one.rss for one in living) * PAGE, peak, descriptors, len(living),
                       sum(one.num_threads for one in living), len(family) - len(living), cpu)

    def threads(self):
        """(pid, tid) -> (seconds on a processor, seconds that it waited for one): /proc/<pid>/task/<tid>/schedstat."""
        found = {}
        for one in self.family():
            with contextlib.suppress(OSError):
                for task in os.listdir(f"/proc/{one.pid}/task"):
                    with open(f"/proc/{one.pid}/task/{task}/schedstat") as schedstat:
                        cpu, delay, _ = schedstat.read().split()
                    found[one.pid, task] = int(cpu) / 1e9, int(delay) / 1e9
        return found

    def runs(self):
        """Whether a thread of it runs or wants to (state R)."""
        states = []
        for one in self.family():
            with contextlib.suppress(OSError):
                for task in os.listdir(f"/proc/{one.pid}/task"):
                    with open(f"/proc/{one.pid}/task/{task}/stat") as line:
                        states.append(stat.parse(line.read()).state)
        return "R" in states

    def must_live(self, expected="程序还在运行", hint=None):
        """Raise Failed when it has ended."""
        if self.status is not None or self.excess:
            raise Failed(expected, self.end(), hint)

    def end(self):
        """How it has ended, and its last words."""
        if self.excess:
            return f"它{self.excess}，已经终止"
        how = "它还在运行" if self.status is None else f"它已经结束（{describe(self.status)}）"
        return f"{how}，{self.words()}"

    def words(self):
        """The last lines that it printed, which can be anything: harmless, and marked as its own."""
        self.output.join(0.2)
        lines = [line for line in self.output.text.splitlines() if line.strip() and not READY.match(line + "\n")]
        if not lines:
            return "它什么也没有输出"
        return "它最后的输出：" + " | ".join(plain(line[:160]) for line in lines[-SAID:])

    def signal(self, number):
        """Send the program itself, not its children, a signal."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait_for_end(self, timeout):
        """Wait until the program itself has ended, or `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while self.status is None and time.monotonic() < deadline:
            time.sleep(0.005)

    def wait(self, timeout):
        """Wait for the end of the program and all it started; return whether it came in time."""
        return self._child.wait(timeout)

    def stop(self):
        self._stopped.set()
        for one in self.family():  # at once: what it does on SIGTERM is asked by a scenario, not here
            with contextlib.suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
        self._child.stop()
        self._watch.join()


class Server(Program):
    """A program that listens. address: (host, port). Raises Failed when it does not say where within the pace."""

    def __init__(self, command, arguments, pace, port=None):
        self.keyboard, theirs = socket.socketpair()  # its standard input: nothing is typed until a scenario does it
        with theirs:
            self._start(command, arguments, pace, port, (theirs.fileno(), None))

    def _start(self, command, arguments, pace, port, streams):
        if port is None:
            super().__init__(command, ["--port", "0", *arguments], READY, streams)
        else:
            if _taken(port):
                raise PortTaken(f"端口 {port} 已经有别的程序在监听，换一个，或者先结束它。")
            super().__init__(command, ["--port", str(port), *arguments], streams=streams)
        try:
            self.address = self._find_address(pace) if port is None else self._wait_for(port, pace)
        except BaseException:
            self.stop()
            raise
        self.port = self.address[1]

    def type(self, data):
        """Bytes for its standard input."""
        self.keyboard.sendall(data)

    def stop(self):
        super().stop()
        self.keyboard.close()

    def _find_address(self, pace):
        expected = "程序打印一行 listening on HOST:PORT"
        begun, timeout = time.monotonic(), pace.patience
        while not self.output.wait_for(lambda _: self.output.found, 0.2):
            if self.output.join(0):
                self._child.wait(0.2)
                raise Failed(expected, self.end(), "start")
            if time.monotonic() - begun < timeout:
                continue
            if self._listens():
                raise Failed(expected, f"等了 {timeout:.1f} 秒，它在监听，这一行却没有出来；{self.words()}", "flush")
            if timeout > SLOW_START * pace.patience:
                raise Failed(expected, f"等了 {timeout:.1f} 秒，它没有监听；{self.words()}", "start")
            timeout += max(pace.patience, pace.again())
        ready = self.output.found
        host, port = ready[1] or ready[2], int(ready[3])
        if not self._listens(port):
            raise Failed("程序在它打印的端口监听", f"监听端口 {port} 的不是它", "start")
        return host, port

    def _listens(self, port=None):
        """Whether the program, or what it started, listens (at this port)."""
        inodes = self._inodes()
        return any(one.state == "LISTEN" and one.inode in inodes and port in (None, one.local[1]) for one in net.tcp())

    def _inodes(self):
        found = set()
        for one in self.family():
            with contextlib.suppress(OSError):
                found |= fd.socket_inodes(one.pid)
        return found

    def _wait_for(self, port, pace):
        expected = f"程序在 127.0.0.1:{port} 监听"
        begun = time.monotonic()
        while not _taken(port):
            late = time.monotonic() - begun
            if self.status is not None or late > SLOW_START * pace.patience:
                raise Failed(expected, self.end(), "start")
            if late > pace.patience and self._listens():
                raise Failed(expected, f"它在别的端口监听；{self.words()}", "start")
            time.sleep(0.02)
        return "127.0.0.1", port

    def unread(self, client):
        """Bytes of this client that have arrived and that the program has not read yet (None: no such connection)."""
        here = client.getsockname()[:2]
        return next((one.rx_queue for one in net.tcp(port=here[1]) if one.remote[1] == here[1]
                     and one.local[1] == self.port), None)


def _taken(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
