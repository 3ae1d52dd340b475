"""Go back N with threads: the receiver keeps nothing that is early, one number acknowledges all before it."""
import os
import secrets
import socket
import sys
import threading
import time

MAGIC, WINDOW, AGAIN, PATIENT = b"gbn1", 24, 0.08, 3


def receive(port):
    with socket.socket(type=socket.SOCK_DGRAM) as here:
        here.bind(("127.0.0.1", port))
        print("listening on %s:%d" % here.getsockname(), flush=True)
        turns = {}
        while True:
            data, peer = here.recvfrom(4096)
            parts = data.split(b"|", 3)
            if len(parts) != 4 or parts[0] != MAGIC or len(parts[1]) != 8 or not parts[2].isdigit():
                continue
            turn = turns.get(parts[1], 0)
            if int(parts[2]) == turn:
                sys.stdout.buffer.write(parts[3] + b"\n")
                sys.stdout.flush()
                turns[parts[1]] = turn = turn + 1
            here.sendto(b"|".join((MAGIC, parts[1], b"%d" % turn)), peer)


class Sender:
    def __init__(self, address):
        self.here = socket.socket(type=socket.SOCK_DGRAM)
        self.address, self.session = address, secrets.token_hex(4).encode()
        self.first, self.sent, self.heard, self.flight = 0, 0.0, 0.0, []
        self.changed = threading.Condition()
        self.here.bind(("127.0.0.1", 0))
        for work in (self.listen, self.repeat):
            threading.Thread(target=work, daemon=True).start()

    def put(self, message):
        with self.changed:
            self.changed.wait_for(lambda: len(self.flight) < WINDOW)
            if not self.flight:
                self.sent = self.heard = time.monotonic()
            self.flight.append(message)
            self.transmit(len(self.flight) - 1)
            self.changed.notify_all()

    def transmit(self, at):
        number = b"%d" % (self.first + at)
        self.here.sendto(b"|".join((MAGIC, self.session, number, self.flight[at])), self.address)

    def listen(self):
        while True:
            parts = self.here.recv(4096).split(b"|")
            if len(parts) == 3 and parts[:2] == [MAGIC, self.session]:
                with self.changed:
                    self.heard = time.monotonic()
                    if (come := int(parts[2]) - self.first) > 0:
                        del self.flight[:come]
                        self.first, self.sent = self.first + come, self.heard
                        self.changed.notify_all()

    def repeat(self):
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.flight)
                now = time.monotonic()
                if now - self.heard > PATIENT:
                    os._exit(1)
                if now - self.sent > AGAIN:
                    self.sent = now
                    for at in range(len(self.flight)):
                        self.transmit(at)
            time.sleep(AGAIN / 4)

    def finish(self):
        with self.changed:
            self.changed.wait_for(lambda: not self.flight)


if sys.argv[1] == "--port":
    receive(int(sys.argv[2]))
else:
    host, _, port = sys.argv[2].rpartition(":")
    sender = Sender((host, int(port)))
    while line := sys.stdin.buffer.readline():
        sender.put(line.rstrip(b"\n"))
    sender.finish()
