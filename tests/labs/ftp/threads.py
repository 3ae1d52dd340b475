"""A thread for each client, files without a name until they are whole (O_TMPFILE): the reference solution."""
import argparse
import os
import signal
import socket
import stat
import sys
import threading

LINE, BLOCK = 2048, 1 << 18


class Refused(Exception):
    """What the other side may be told."""


def serve_folder(port, folder):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=serve, args=(conn, folder), daemon=True).start()


def serve(conn, folder):
    with conn, conn.makefile("rb") as stream:
        try:
            while line := stream.readline(LINE):
                if not line.endswith(b"\n"):
                    break
                try:
                    answer(conn, stream, folder, line[:-1].decode())
                except (Refused, ValueError) as error:
                    conn.sendall(f"ERR {error}\n".encode())
        except OSError:
            pass


def answer(conn, stream, folder, line):
    verb, _, rest = line.partition(" ")
    if verb == "LIST":
        with os.scandir(f"/proc/self/fd/{folder}") as entries:
            found = [(one.stat(follow_symlinks=False).st_size, one.name) for one in entries
                     if one.is_file(follow_symlinks=False)]
        conn.sendall("".join([f"OK {len(found)}\n", *(f"{size} {name}\n" for size, name in found)]).encode())
    elif verb == "GET":
        with opened(folder, checked(rest)) as file:
            size = os.fstat(file.fileno()).st_size
            conn.sendall(f"OK {size}\n".encode())
            if size:
                conn.sendfile(file, 0, size)
    elif verb == "PUT":
        size, _, name = rest.partition(" ")
        put(conn, stream, folder, length(size), checked(name))
    else:
        raise Refused("no such command")


def put(conn, stream, folder, size, name):
    if os.access(name, os.F_OK, dir_fd=folder, follow_symlinks=False):
        raise Refused("taken")
    with nameless(folder) as file:
        conn.sendall(b"OK\n")
        receive(stream, file, size)
        publish(file, folder, name)
    conn.sendall(b"OK\n")


def length(text):
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Refused("not a length")
    return int(text)


def checked(name):
    if not name or name in (".", "..") or set(name) & set("/\0") or len(name.encode()) > 255:
        raise Refused("bad name")
    return name


def opened(folder, name):
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise Refused(error.strerror) from None
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise Refused("not a file")
    return open(fd, "rb", buffering=0)


def nameless(folder):
    return open(os.open(".", os.O_TMPFILE | os.O_WRONLY, 0o644, dir_fd=folder), "wb", buffering=0)


def receive(stream, file, size):
    while size:
        data = stream.read1(min(BLOCK, size))
        if not data:
            raise ConnectionError("gone")
        file.write(data)
        size -= len(data)


def publish(file, folder, name):
    try:
        os.link(f"/proc/self/fd/{file.fileno()}", name, dst_dir_fd=folder, follow_symlinks=True)
    except OSError as error:
        raise Refused(error.strerror) from None


HELP = "commands: list, get NAME, put NAME, quit"


def use(address, folder):
    folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    print(HELP, flush=True)
    for line in sys.stdin:
        verb, _, name = line.strip().partition(" ")
        if verb == "quit":
            break
        try:
            if verb not in ("list", "get", "put"):
                raise Refused(HELP)
            with socket.create_connection(address) as conn, conn.makefile("rb") as stream:
                print(command(conn, stream, folder, verb, name), flush=True)
        except (Refused, OSError, ValueError) as error:
            print("failed:", error, flush=True)


def command(conn, stream, folder, verb, name):
    if verb == "list":
        return "".join(stream.readline().decode() for _ in range(length(ask(conn, stream, "LIST"))))
    if verb == "get":
        size = length(ask(conn, stream, f"GET {checked(name)}"))
        with nameless(folder) as file:
            receive(stream, file, size)
            publish(file, folder, name)
    else:
        with opened(folder, checked(name)) as file:
            size = os.fstat(file.fileno()).st_size
            ask(conn, stream, f"PUT {size} {name}")
            conn.sendfile(file, 0, size) if size else None
            ask(conn, stream)
    return f"{verb} {name}: {size} bytes"


def ask(conn, stream, line=None):
    if line:
        conn.sendall(line.encode() + b"\n")
    verb, _, rest = stream.readline().decode().rstrip("\n").partition(" ")
    if verb != "OK":
        raise Refused(rest or "the server has gone")
    return rest


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=9000)
parser.add_argument("--connect")
parser.add_argument("--folder", default=".")
options = parser.parse_args()
try:
    if options.connect:
        host, _, port = options.connect.rpartition(":")
        use((host, int(port)), options.folder)
    else:
        serve_folder(options.port, options.folder)
except KeyboardInterrupt:
    pass
