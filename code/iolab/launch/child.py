"""A teaching script in a process of its own, and the errors that speak of it."""

import _thread
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path

from iolab.launch.output import Output, write_all
from iolab.launch.scripts import find

GUARDIAN = Path(__file__).with_name("guardian.py")
END_WITHIN, READ_WITHIN = 10, 2  # seconds, after which something has gone wrong that no wait cures


class ScriptError(RuntimeError):
    """A script did not do what it was started for; the message ends with its last lines."""


class Child:
    """A running script, its output, and the one way to end it with all its descendants.

    name: the script as find() takes it; args: its command line (each turned into str); text: what it reads from
    standard input (str; None means nothing to read); cwd: its working folder (None: an empty one, removed at the end).
    pattern: a compiled one, for a line of the output that must not be missed (Output.found).
    command: an argv (list of str) that is run instead of a script; name is then only what errors call it.
    streams: two descriptors, its standard input and output instead (None for the second: the output is kept as
    without); the output that is kept is then its standard error.
    The end of the script's process group does not depend on this object: see guardian.py.
    In a fork of the process that made it, it ends nothing.
    """

    def __init__(self, name, args, text=None, cwd=None, pattern=None, command=None, streams=None):
        self.name = name
        script = [*(command or (sys.executable, str(find(name)))), *map(str, args)]
        self._held = _Held()
        self._forgotten = weakref.finalize(self, self._held.give_back)
        try:
            _undisturbed(self._held.start, script, text, cwd, pattern, streams)
            self.output, self._report = self._held.output, self._held.report
            self.pid = self._report.pid()
            if self.pid is None:
                self.output.join(1)
                raise self.error("没有启动起来")
        except BaseException:
            self.stop()
            raise

    @property
    def status(self):
        """The script's exit status (int; negative: killed by that signal), None while it runs."""
        return self._report.status

    def wait(self, timeout):
        """Wait until the script and all its descendants have ended; return whether they did so in `timeout` seconds."""
        ended = self._held.wait(timeout)
        if ended:
            self.stop()
        return ended

    def stop(self):
        """End the script and all its descendants. To call it again does nothing."""
        _undisturbed(self._held.give_back)

    def missing(self, text, timeout):
        """A ScriptError that says why `text` was not printed: the script or its output has ended, or time is up."""
        if not self.output.join(0.1):
            how = f"在 {timeout} 秒内"
        else:
            how = "已经结束，" if self._report.join(1) else "关闭了自己的输出，"
        return self.error(f"{how}没有打印 {text}")

    def error(self, what):
        """A ScriptError that says `what`, how the script ended, and what it printed last."""
        how = "" if self.status is None else f"（{describe(self.status)}）"
        return ScriptError(f"{self.name} {what}{how}。它最后的输出：\n{self.output.last_lines()}")


class _Held:
    """All that a running script costs this process, and how it is given back. It does not know the Child.

    A half-finished start is given back like a whole one.
    """

    def __init__(self):
        self._owner, self._lock, self._over = os.getpid(), threading.Lock(), False
        self._descriptors, self._order, self._guardian, self._folder = set(), None, None, None
        self.output = self.report = None

    def start(self, script, text, cwd, pattern, streams):
        """Start the guardian with the script and the threads that read what they say."""
        with self._lock:
            if self._over:
                return
            try:
                self._start(script, text, cwd, pattern, streams)
            except BaseException:
                self._give_back()
                raise

    def _start(self, script, text, cwd, pattern, streams):
        (control, self._order), (report, status), (output, printed) = self._pipe(), self._pipe(), self._pipe()
        if cwd is None:  # after the pipes: to remove it again takes a descriptor
            cwd = self._folder = tempfile.mkdtemp(prefix="iolab-")
        orders = [str(control), str(status), str(self._owner), self._folder or ""]
        self._guardian = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARDIAN), *orders, *script],
            stdin=streams[0] if streams else subprocess.DEVNULL if text is None else subprocess.PIPE,
            stdout=printed if not streams or streams[1] is None else streams[1], stderr=printed,
            cwd=cwd, env=environment(), start_new_session=True, pass_fds=(control, status))
        self._close(control, status, printed)
        self.output = Output(output, pattern)
        self._descriptors.discard(output)
        self.report = _Report(report)
        self._descriptors.discard(report)
        if text is not None:
            write_all(self._guardian.stdin, text.encode())

    def _pipe(self):
        both = os.pipe()
        self._descriptors.update(both)
        return both

    def _close(self, *descriptors):
        for descriptor in descriptors:
            os.close(descriptor)
            self._descriptors.discard(descriptor)

    def wait(self, timeout):
        """Whether guardian and script have ended within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        self.report.join(timeout)  # because Popen.wait with a timeout only looks again and again
        try:
            self._guardian.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True

    def give_back(self):
        """End the script and all its descendants, and close and remove everything. Again, or in a fork: nothing."""
        if os.getpid() == self._owner:
            with self._lock:
                if not self._over:
                    self._give_back()

    def _give_back(self):
        self._over = True
        if self._guardian:
            with contextlib.suppress(OSError):
                os.write(self._order, b".")  # its end of file would not come while a fork of this process lives
            self._guardian.send_signal(signal.SIGCONT)
        self._close(*self._descriptors)
        if self._guardian:
            self._end_guardian()
        for reader in (self.output, self.report):
            if reader:
                reader.join(READ_WITHIN)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _end_guardian(self):
        if self.report:
            self.report.join(END_WITHIN)
        try:
            self._guardian.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            self._guardian.kill()
            self._guardian.wait()


class _Report:
    """The two lines the guardian writes: the script's pid, then its exit status."""

    def __init__(self, descriptor):
        self.status, self._pid, self._told = None, None, threading.Event()
        self._reader = threading.Thread(target=self._read, args=(descriptor,), daemon=True)
        self._reader.start()

    def _read(self, descriptor):
        with open(descriptor) as pipe:
            if line := pipe.readline():
                self._pid = int(line)
            self._told.set()
            if line:  # without a second line the guardian was killed, and so the script, see become_script()
                self.status = int(pipe.readline() or -signal.SIGKILL)

    def pid(self):
        """The script's pid (int), None when it could not be started."""
        self._told.wait()
        return self._pid

    def join(self, timeout=None):
        self._reader.join(timeout)
        return not self._reader.is_alive()


def _undisturbed(work, *args):
    """work(*args) in a thread: there no KeyboardInterrupt comes between two of its steps, it goes on to its end."""
    failed = []

    def do():
        try:
            work(*args)
        except BaseException as error:
            failed.append(error)

    thread, started = threading.Thread(target=do, daemon=True), _thread.allocate_lock()

    def begin():
        try:
            thread.start()
        except RuntimeError:  # no room for a second thread
            do()
        finally:
            started.release()

    # Thread.start() waits on an Event: interrupted there, it may release a lock that the new thread holds, which then
    # ends before its work. A lock of _thread has no such moment.
    started.acquire()
    try:
        _thread.start_new_thread(begin, ())
    except RuntimeError:  # the interpreter ends, or there is no room for a thread
        do()
    else:
        started.acquire()
        if thread.ident:
            thread.join()
    if failed:
        raise failed.pop()


def environment():
    """The caller's environment less what changes how Python runs, so that a script prints the same everywhere."""
    kept = {name: value for name, value in os.environ.items()
            if name != "FORCE_COLOR" and not name.startswith(("PYTHON", "COVERAGE"))}
    # NO_COLOR too: a script's own children may run under -I, which does not hear PYTHON_COLORS
    return {**kept, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHON_COLORS": "0", "NO_COLOR": "1"}


def describe(status):
    """An exit status in words."""
    if status >= 0:
        return f"退出状态 {status}"
    try:
        return f"被信号 {signal.Signals(-status).name} 终止"
    except ValueError:
        return f"被信号 {-status} 终止"
