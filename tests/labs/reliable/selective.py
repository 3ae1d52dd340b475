"""A window, each message acknowledged and sent again by itself, one selector: the reference solution."""
import os
import random
import selectors
import signal
import socket
import struct
import sys
import time

HEAD = struct.Struct("!4sII")  # kind, session, number
DATA, ACK = b"rel:", b"ack:"
WINDOW, AGAIN, GIVE_UP = 32, 0.1, 3.0


def receive(port):
    here = socket.socket(type=socket.SOCK_DGRAM)
    here.bind(("127.0.0.1", port))
    print("listening on %s:%d" % here.getsockname(), flush=True)
    wanted, early = {}, {}
    while True:
        data, peer = here.recvfrom(65535)
        if len(data) < HEAD.size or data[:4] != DATA:
            continue
        _, session, number = HEAD.unpack_from(data)
        following = wanted.setdefault(session, 0)
        if following <= number < following + WINDOW:
            early[session, number] = data[HEAD.size:]
        while (session, wanted[session]) in early:
            sys.stdout.buffer.write(early.pop((session, wanted[session])) + b"\n")
            wanted[session] += 1
        sys.stdout.flush()
        here.sendto(HEAD.pack(ACK, session, number), peer)


def send(host, port):
    here = socket.socket(type=socket.SOCK_DGRAM)
    here.connect((host, port))
    here.setblocking(False)
    session, selector = random.getrandbits(32), selectors.DefaultSelector()
    selector.register(here, selectors.EVENT_READ)
    selector.register(0, selectors.EVENT_READ)
    typed, waiting, unacked, following, reading, heard = b"", [], {}, 0, True, 0
    while reading or waiting or unacked:
        while waiting and following - min(unacked, default=following) < WINDOW:
            if not unacked:
                heard = time.monotonic()
            unacked[following] = waiting.pop(0), 0
            following += 1
        now = time.monotonic()
        for number, (message, when) in unacked.items():
            if when <= now:
                unacked[number] = message, now + AGAIN
                try:
                    here.send(HEAD.pack(DATA, session, number) + message)
                except OSError:
                    pass
        if unacked and now - heard > GIVE_UP:
            return 1
        due = min((when for _, when in unacked.values()), default=None)
        for key, _ in selector.select(None if due is None else max(0, due - now)):
            if key.fileobj == 0:
                data = os.read(0, 65536)
                if not data:
                    selector.unregister(0)
                    reading = False
                *lines, typed = (typed + data).split(b"\n")
                waiting += lines
            else:
                try:
                    kind, its, number = HEAD.unpack(here.recv(65535))
                except (OSError, struct.error):
                    continue
                if (kind, its) == (ACK, session):
                    heard = time.monotonic()
                    unacked.pop(number, None)
    return 0


signal.signal(signal.SIGTERM, signal.SIG_DFL)
where = sys.argv[2]
if sys.argv[1] == "--port":
    receive(int(where))
else:
    sys.exit(send(where.rpartition(":")[0], int(where.rpartition(":")[2])))
