"""A teaching script in a process of its own, and the errors that speak of it."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path

from iolab.launch.output import Output, write_all
from iolab.launch.scripts import find

GUARDIAN = Path(__file__).with_name("guardian.py")


class ScriptError(RuntimeError):
    """A script did not do what it was started for; the message ends with its last lines."""


class Child:
    """A running script, its output, and the one way to end it with all its descendants.

    name: the script as find() takes it; args: its command line (each turned into str); text: what it reads from
    standard input (str; None means nothing to read); cwd: its working folder (None: an empty one, removed at the end).
    pattern: a compiled one, for a line of the output that must not be missed (Output.found).
    The end of the script's process group does not depend on this object: see guardian.py.
    """

    def __init__(self, name, args, text=None, cwd=None, pattern=None):
        self.name = name
        script = [sys.executable, str(find(name)), *map(str, args)]
        folder = None if cwd else tempfile.TemporaryDirectory(prefix="iolab-", ignore_cleanup_errors=True)
        control, order = os.pipe()
        report, status = os.pipe()
        read_end, write_end = os.pipe()
        stdin = subprocess.DEVNULL if text is None else subprocess.PIPE
        orders = [str(control), str(status), folder.name if folder else ""]
        try:
            self._guardian = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARDIAN), *orders, *script],
                stdin=stdin, stdout=write_end, stderr=subprocess.STDOUT,
                cwd=cwd or folder.name, env=environment(), start_new_session=True, pass_fds=(control, status),
            )
        except BaseException:
            for descriptor in (order, report, read_end):
                os.close(descriptor)
            raise
        finally:
            for descriptor in (control, status, write_end):
                os.close(descriptor)
        self.output = Output(read_end, pattern)
        self._report = _Report(report)
        self._stop = weakref.finalize(self, _end, self._guardian, order, self.output, self._report, folder)
        try:
            if text is not None:
                write_all(self._guardian.stdin, text.encode())
            self.pid = self._report.pid()
        except BaseException:
            self.stop()
            raise

    @property
    def status(self):
        """The script's exit status (int; negative: killed by that signal), None while it runs."""
        return self._report.status

    def wait(self, timeout):
        """Wait until the script and all its descendants have ended; return whether they did so in `timeout` seconds."""
        try:
            self._guardian.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        self.stop()
        return True

    def stop(self):
        """End the script and all its descendants. To call it again does nothing."""
        self._stop()

    def missing(self, text, timeout):
        """A ScriptError that says that `text` was not printed: the script has ended, or `timeout` seconds are over."""
        ended = self.output.join(0.1) and self._report.join(1)
        return self.error(f"已经结束，没有打印 {text}" if ended else f"在 {timeout} 秒内没有打印 {text}")

    def error(self, what):
        """A ScriptError that says `what`, how the script ended, and what it printed last."""
        how = "" if self.status is None else f"（{describe(self.status)}）"
        return ScriptError(f"{self.name} {what}{how}。它最后的输出：\n{self.output.last_lines()}")


class _Report:
    """The two lines the guardian writes: the script's pid, then its exit status."""

    def __init__(self, descriptor):
        self.status = None
        self._pipe = open(descriptor)  # noqa: SIM115 - closed by the reading thread
        self._pid = self._pipe.readline()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        with self._pipe:
            if line := self._pipe.readline():
                self.status = int(line)

    def pid(self):
        return int(self._pid) if self._pid else None

    def join(self, timeout=None):
        self._reader.join(timeout)
        return not self._reader.is_alive()


def _end(guardian, order, output, report, folder):
    os.close(order)
    guardian.wait()
    output.join()
    report.join()
    if folder:
        folder.cleanup()


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
