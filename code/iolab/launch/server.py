"""Serve with a teaching script in the background."""

import re

from iolab.launch.child import Child

READY = re.compile(r"^listening on (?:\[(\S+)\]|(\S+)):(\d+)\n", re.M)  # an IPv6 address in brackets, RFC 3986


class Server:
    """A script that serves: host (str), port (int), pid (int), output (str), lines; stop().

    A context manager. Without `with` it serves until stop(), until the object is forgotten, or until the kernel ends.
    What the script prints goes to this object and to no cell.
    """

    def __init__(self, child, host, port):
        self._child, self.host, self.port = child, host, port

    def __repr__(self):
        state = "运行中" if self.running else "已停止"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"<{self._child.name} {host}:{self.port} pid={self.pid} {state}>"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def address(self):
        """(host, port), as socket functions take it."""
        return self.host, self.port

    @property
    def pid(self):
        """The script's process id, on this machine."""
        return self._child.pid

    @property
    def running(self):
        """Whether the script's own process has not ended."""
        return self._child.status is None

    @property
    def status(self):
        """The exit status (negative: killed by that signal), None while it runs."""
        return self._child.status

    @property
    def output(self):
        """What the script printed after its first line, so far (the newest 200,000 characters)."""
        return _after_ready(self._child.output.text)

    @property
    def lines(self):
        """The same, as a list of (seconds of time.monotonic(), line)."""
        return [line for line in self._child.output.lines if not READY.match(line[1] + "\n")]

    def wait_for(self, text, count=1, timeout=5):
        """Wait until the script has printed `text` `count` times; return its output.

        Raises ScriptError after `timeout` seconds, or when the script ends without it.
        """
        if not self._child.output.wait_for(lambda output: _after_ready(output).count(text) >= count, timeout):
            raise self._child.missing(repr(text), timeout)
        return self.output

    def stop(self):
        """End the script and every process it started; return its whole output. To call it again is harmless."""
        self._child.stop()
        return self.output


def _after_ready(output):
    return READY.sub("", output, count=1)


def serve(script, *args, timeout=10, cwd=None, command=None):
    """Start code/<script> with `--port 0` and args, wait until it listens, and return the Server.

    Raises ScriptNotFound, and ScriptError, with the script's last lines, when it ends early or prints no
    `listening on HOST:PORT` line within `timeout` seconds. Whatever happens, no process is left.
    command: an argv that is run instead; script is then only what errors call it.
    """
    child = None
    try:
        child = Child(script, ["--port", "0", *args], cwd=cwd, pattern=READY, command=command)
        ready = child.output.wait_for(lambda _: child.output.found, timeout)
        if not ready:
            raise child.missing("listening on HOST:PORT", timeout)
        return Server(child, ready[1] or ready[2], int(ready[3]))
    except BaseException:
        if child:
            child.stop()
        raise
