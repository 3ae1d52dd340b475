"""What the machine has once somebody asks for it: the files of ssl and OpenSSL, two megabytes that most never need.

A program that wants them (tls.py) connects to ADDRESS and reads: nothing once they are there, else why they are not.
The page loads them and writes them into the machine's memory, into frames that it is told: over the serial port they
would take half a minute.
"""

import contextlib
import ctypes
import json
import mmap
import os
import socket
import struct

ADDRESS = "\0iolab-later"
PAGE = 4096
MAP_LOCKED = 0x2000  # mmap(2); and init sees to it that locked memory is not moved
PRESENT, FRAME = 1 << 63, (1 << 55) - 1  # proc_pid_pagemap(5)


class Later:
    """Asks the page when somebody asks here.

    port: as Port; root: the folder in which the files get their places.
    """

    def __init__(self, port, address=ADDRESS, root="/"):
        self._port, self._root = port, root
        self._there, self._coming, self._room = False, False, None
        self._asking = socket.socket(socket.AF_UNIX)
        self._asking.setblocking(False)
        try:
            self._asking.bind(address)
            self._asking.listen(100)
        except OSError:  # another supervisor has it: there is one in a machine, but in tests there are several
            self._asking.close()

    @property
    def fd(self):
        """What to listen to; -1 while the page is asked already: who comes now waits for the same answer."""
        return -1 if self._coming else self._asking.fileno()

    def asked(self):
        """Somebody waits at the address."""
        if self._there:
            return self._answer("")
        self._coming = True
        return self._port.send(wanted="tls")

    def make_room(self, size):
        """Tell the page into which frames it is to write `size` bytes: in none, if there is no room."""
        self._room, frames = None, []
        with contextlib.suppress(OSError):
            self._room = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE | MAP_LOCKED)
            frames = frames_of(self._room)
        self._port.send(room=frames)

    def came(self, trouble):
        """All is written, or the page says why not (str)."""
        try:
            if not trouble:
                unpack(self._room, self._root)
                self._there = True
        except (OSError, ValueError) as error:
            trouble = str(error)
        self._room, self._coming = None, False
        self._answer(trouble)

    def _answer(self, trouble):
        """To all that wait."""
        with contextlib.suppress(BlockingIOError):
            while True:
                waiting, _ = self._asking.accept()
                with waiting, contextlib.suppress(OSError):  # it has gone
                    waiting.sendall(trouble.encode()[:4096])


def frames_of(memory):
    """The numbers (list of int) of the page frames in which an mmap lies. Raises OSError where they are not told."""
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    with open("/proc/self/pagemap", "rb") as pagemap:
        pagemap.seek(8 * (start // PAGE))
        entries = [entry for entry, in struct.iter_unpack("=Q", pagemap.read(8 * -(-len(memory) // PAGE)))]
    if not all(entry & PRESENT and entry & FRAME for entry in entries):
        raise OSError("no frame, or nobody may know it")
    return [entry & FRAME for entry in entries]


def unpack(packed, root):
    """Write the files below the folder `root`. packed: a line of JSON, {path: bytes}, then all one after the other."""
    head = packed.find(b"\n") + 1
    at = head
    for path, size in json.loads(packed[:head]).items():
        path = os.path.join(root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(packed[at:at + size])
        at += size
