"""A member of the chat room who speaks its datagrams by hand, and a real client whose screen a test can read."""

import re
import signal
import socket
import subprocess
import sys
import time

from iolab.launch.scripts import find
from processes import wait_until


class Peer:
    """A UDP socket that asks the server (host, port) and keeps the notices it gets."""

    def __init__(self, address, source=None):
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        if source:
            self.sock.bind((source, 0))
        self.sock.connect(address)
        self.sock.settimeout(10)
        self.notices = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def ask(self, request):
        """Send a request (str or bytes) and return the answer; what comes before it are notices."""
        self.sock.send(request if isinstance(request, bytes) else request.encode())
        while True:
            data = self.sock.recv(65536).decode()
            if not data.startswith(("MSG ", "BYE ")):
                return data
            self.notices.append(data)

    def join(self, name):
        """Join as `name`, which must succeed."""
        assert self.ask(f"JOIN 1 {name}").startswith("OK 1 ")
        return self

    def hears(self, timeout=10):
        """Wait for one notice and return it."""
        if self.notices:
            return self.notices.pop(0)
        self.sock.settimeout(timeout)
        return self.sock.recv(65536).decode()

    def heard(self):
        """All notices that are there, without waiting: one round trip to the server is enough to know."""
        self.ask("BEAT 0")
        told, self.notices = self.notices, []
        return told


class Client:
    """day6/chat_client.py as a process: `screen` (str, so far), types(), and ways to end it."""

    def __init__(self, address, folder, name):
        host, port = address
        self.name, self.typed = name, []
        self.path = folder / f"{name}.txt"
        options = ["--host", host, "--port", str(port), "--name", name]
        with self.path.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-S", find("day6/chat_client.py"), *options],
                stdin=subprocess.PIPE, stdout=screen, stderr=subprocess.STDOUT,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()

    @property
    def screen(self):
        return self.path.read_text(encoding="utf-8")

    def sees(self, text, timeout=15):
        """Wait until `text` is on the screen; return the screen."""
        wait_until(lambda: text in self.screen, f"{text!r} on the screen of {self.name}:\n{self.screen}", timeout)
        return self.screen

    def types(self, line):
        self.typed.append(line)
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def leaves(self):
        """End of input, as Ctrl-D in a terminal."""
        self.process.stdin.close()

    def gets(self, number):
        """Send a signal; a stopped client goes on."""
        self.process.send_signal(number)
        self.process.send_signal(signal.SIGCONT)


def losses(screen):
    """How many messages the client told to be lost."""
    return sum(int(count) for count in re.findall(r"（丢失了 (\d+) 条消息）", screen))


def drain(peer, seconds):
    """Read what comes for some seconds."""
    deadline, told = time.monotonic() + seconds, []
    while (left := deadline - time.monotonic()) > 0:
        try:
            told.append(peer.hears(left))
        except TimeoutError:
            break
    return told
