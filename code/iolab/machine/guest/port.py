"""The serial port: JSON objects, one a line."""

import json
import os
import tty


class Port:
    def __init__(self, device):
        self.fd = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        tty.setraw(self.fd)
        self._begun = b""
        self.read = self._told = 0

    def send(self, **message):
        # half of a surrogate pair stays what it is in JSON, an escape
        data = json.dumps(message, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        while data:
            data = data[os.write(self.fd, data):]

    def receive(self):
        """The messages (list of dict) that have come; a line that is none is left out."""
        data = os.read(self.fd, 4096)
        self.read += len(data)
        if self.read - self._told > 1024:  # the port of the emulator keeps 4096 bytes and drops the rest
            self._told = self.read
            self.send(got=self.read)
        *lines, self._begun = (self._begun + data).split(b"\n")
        return messages(lines)


def messages(lines):
    """The objects (list of dict) in lines of JSON (bytes); a line that holds none is left out."""
    return [message for line in lines if isinstance(message := _parsed(line), dict)]


def _parsed(line):
    try:
        return json.loads(line)
    except ValueError:
        return None
