"""The guest's supervisor on this machine, spoken to over a pseudoterminal as the page does over the serial port."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
import tty
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SUPERVISOR = ROOT / "code/iolab/machine/guest/supervisor.py"


class Guest:
    """`python supervisor.py PORT` and its other end. A context manager."""

    def __enter__(self):
        self._port, theirs = pty.openpty()
        tty.setraw(theirs)
        self.process = subprocess.Popen(
            [sys.executable, SUPERVISOR, os.ttyname(theirs), "0" * 160], stdin=subprocess.DEVNULL,
            start_new_session=True)
        self._begun, self.heard, self.count, self.cell = b"", [], 0, None
        self.wait(lambda message: message.get("ready"))
        os.close(theirs)
        self.restart()
        return self

    def __exit__(self, *_):
        self.send(do="end")
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._port)

    def send(self, **message):
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(self._port, data[:1000]):]

    def wait(self, test, timeout=20):
        """The next message for which test(message) is true; all before it are in `heard`."""
        deadline = time.monotonic() + timeout
        while True:
            while self._lines():
                message = json.loads(self._lines(take=True))
                self.heard.append(message)
                if test(message):
                    return message
            left = deadline - time.monotonic()
            assert left > 0, f"nothing came but {self.heard}"
            if select.select([self._port], [], [], left)[0]:
                self._begun += os.read(self._port, 65536)

    def _lines(self, take=False):
        if not take:
            return b"\n" in self._begun
        line, _, self._begun = self._begun.partition(b"\n")
        return line

    def restart(self, folder=""):
        self.send(do="restart", folder=folder)
        self.wait(lambda message: message.get("restarted"))

    def begin(self, code):
        self.count += 1
        self.heard.clear()
        self.send(do="run", id=self.count, code=code, cell=self.cell)

    def end(self):
        """How the cell ended ("ok", "error", "died") and its events."""
        last = self.wait(lambda message: message.get("id") == self.count and ("done" in message or "died" in message))
        return last.get("done", "died"), [one["event"] for one in self.heard if "event" in one]

    def run(self, code):
        """The text that a cell prints and shows."""
        self.begin(code)
        status, events = self.end()
        assert status == "ok", events
        return "".join(one.get("text") or one["data"]["text/plain"] + "\n" for one in events)


@pytest.fixture(scope="module")
def guest():
    if sys.platform != "linux":
        pytest.skip("the guest is a Linux")
    with Guest() as running:
        yield running
