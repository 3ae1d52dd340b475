"""What the file server of the book is measured against: the same protocol without a check, on bare sendfile and recv.

Run:  python code/iolab/arena/bare_file_server.py --library FOLDER --port 9000

GET NAME: OK SIZE, then the file by socket.sendfile.  PUT SIZE NAME: OK, then SIZE bytes by recv_into, written and
brought to the disk; OK.  DROP SIZE: the same, but the bytes are thrown away.
"""

import argparse
import contextlib
import os
import signal
import socket

BLOCK = 1 << 20


def main(host, port, library):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.chdir(library)
    with listen(host, port) as listener:
        while True:
            conn, _ = listener.accept()
            with conn, contextlib.suppress(KeyError, OSError, ValueError):  # a client that asks for nothing, or leaves
                verb, *words = conn.recv(1024).decode().split()
                COMMANDS[verb](conn, *words)


def listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    shown = f"[{host}]" if ":" in host else host
    print(f"listening on {shown}:{listener.getsockname()[1]}", flush=True)
    return listener


def get(conn, name):
    with open(name, "rb") as file:
        conn.sendall(b"OK %d\n" % os.fstat(file.fileno()).st_size)
        conn.sendfile(file)


def put(conn, size, name):
    with open(name, "wb", buffering=0) as file:
        receive(conn, int(size), file.write)
        os.fsync(file.fileno())
    conn.sendall(b"OK\n")


def drop(conn, size):
    receive(conn, int(size), len)
    conn.sendall(b"OK\n")


def receive(conn, left, take):
    conn.sendall(b"OK\n")
    block = memoryview(bytearray(BLOCK))
    while left:
        count = conn.recv_into(block[:min(BLOCK, left)])
        if not count:
            raise ConnectionError(f"{left} bytes are missing")
        take(block[:count])
        left -= count


COMMANDS = {"GET": get, "PUT": put, "DROP": drop}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--library", default=".")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        main(options.host, options.port, options.library)
