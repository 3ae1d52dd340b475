"""A thread for each client, requests cut out of a buffer: the reference solution."""
import argparse
import os
import signal
import socket
import threading
from pathlib import Path
from urllib.parse import unquote

LIMIT = 65536
WORDS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 431: "Headers Too Large"}


class Refused(Exception):
    """status: of the answer, after which the connection ends."""


def main(host, port, folder):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(folder).resolve()
    with socket.create_server((host, port), backlog=128) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=serve, args=(conn, folder), daemon=True).start()


def serve(conn, folder):
    with conn:
        buffer = bytearray()
        try:
            while head := read_head(conn, buffer):
                if not answer(conn, buffer, head, folder):
                    break
        except Refused as refused:
            send(conn, refused.args[0], b"", close=True)
        except OSError:
            pass


def read_head(conn, buffer):
    looked = 0
    while (at := buffer.find(b"\r\n\r\n", looked)) < 0:
        looked = max(0, len(buffer) - 3)
        if len(buffer) > LIMIT:
            raise Refused(431)
        data = conn.recv(65536)
        if not data:
            return None
        buffer += data
    head = bytes(buffer[:at])
    del buffer[:at + 4]
    return head


def answer(conn, buffer, head, folder):
    """Whether the connection goes on."""
    line, *lines = head.decode("latin-1").split("\r\n")
    if len(line.split(" ")) != 3:
        raise Refused(400)
    method, target, version = line.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    close = headers.get("connection", "").lower() == "close" or version == "HTTP/1.0"
    if not skip(conn, buffer, int(headers.get("content-length", 0))):
        return False
    if method not in ("GET", "HEAD"):
        send(conn, 405, b"", "Allow: GET, HEAD", close=close)
        return not close
    path = find(folder, target)
    if path is None:
        send(conn, 404, b"no such file\n" if method == "GET" else b"", close=close)
    else:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            send(conn, 200, None, f"Content-Length: {size}", close=close)
            if method == "GET" and size:
                conn.sendfile(file, count=size)
    return not close


def skip(conn, buffer, size):
    while len(buffer) < size:
        size -= len(buffer)
        buffer.clear()
        buffer += conn.recv(65536)
        if not buffer:
            return False
    del buffer[:size]
    return True


def find(folder, target):
    name = unquote(target.partition("?")[0]).lstrip("/") or "index.html"
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError):
        return None


def send(conn, status, body, *lines, close=False):
    lines = [f"HTTP/1.1 {status} {WORDS[status]}", *lines]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    if close:
        lines.append("Connection: close")
    conn.sendall("\r\n".join([*lines, "", ""]).encode() + (body or b""))


parser = argparse.ArgumentParser()
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=9000)
parser.add_argument("--folder", default=".")
try:
    main(**vars(parser.parse_args()))
except KeyboardInterrupt:
    pass
