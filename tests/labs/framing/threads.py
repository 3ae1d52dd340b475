"""A thread for each client, blocking reads: the reference solution."""
import argparse
import signal
import socket
import struct
import threading

MOST = 1 << 20


class Stream:
    """Whole messages out of a connection. read() gives bytes, or raises EOFError or ValueError."""

    def __init__(self, conn):
        self.conn, self.buffer = conn, bytearray()

    def more(self):
        data = self.conn.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def take(self, size):
        while len(self.buffer) < size:
            self.more()
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def read_length(self):
        size = struct.unpack("!I", self.take(4))[0]
        if size > MOST:
            raise ValueError("too long")
        return self.take(size)

    def read_lines(self):
        looked = 0
        while (at := self.buffer.find(b"\n", looked)) < 0:
            looked = len(self.buffer)
            if looked > MOST:
                raise ValueError("too long")
            self.more()
        return self.take(at + 1)[:-1]


def pack_length(body):
    return struct.pack("!I", len(body)) + body


def pack_lines(body):
    return body + b"\n"


def main(host, port, framing):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with socket.create_server((host, port), backlog=128) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=serve, args=(conn, framing), daemon=True).start()


def serve(conn, framing):
    stream = Stream(conn)
    read, pack = (stream.read_length, pack_length) if framing == "length" else (stream.read_lines, pack_lines)
    with conn:
        try:
            while True:
                text = read().decode()
                conn.sendall(pack(text[::-1].encode()))
        except (OSError, EOFError, ValueError):
            pass


parser = argparse.ArgumentParser()
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=9000)
parser.add_argument("--framing", choices=("length", "lines"), default="length")
try:
    main(**vars(parser.parse_args()))
except KeyboardInterrupt:
    pass
