"""asyncio; a hidden file for what is not whole, thrown away when the client goes or the server starts anew."""
import asyncio
import contextlib
import os
import re
import signal
import sys
import tempfile

PARTS = ".part-"
STEP = 65536


def argument(name, default=None):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


FOLDER = argument("--folder", ".")


class Cannot(Exception):
    pass


def path_of(name):
    if not re.fullmatch(r"[^/\0.][^/\0]*", name) or len(name.encode()) > 255:
        raise Cannot("bad name")
    return os.path.join(FOLDER, name)


def regular(path):
    return os.path.isfile(path) and not os.path.islink(path)


def size_of(text):
    if not re.fullmatch("[0-9]{1,18}", text):
        raise Cannot("bad size")
    return int(text)


@contextlib.contextmanager
def part():
    descriptor, path = tempfile.mkstemp(prefix=PARTS, dir=FOLDER)
    try:
        with open(descriptor, "wb") as file:
            yield file, path
    finally:
        os.unlink(path)


async def take(reader, file, size):
    while size:
        data = await reader.read(min(STEP, size))
        if not data:
            raise ConnectionError
        file.write(data)
        size -= len(data)
    file.flush()


async def give(writer, path, size):
    with open(path, "rb") as file:
        while data := file.read(STEP):
            writer.write(data)
            await writer.drain()


async def answer(reader, writer, verb, rest):
    if verb == "LIST":
        names = [name for name in os.listdir(FOLDER) if not name.startswith(PARTS) and regular(f"{FOLDER}/{name}")]
        lines = [f"OK {len(names)}", *(f"{os.path.getsize(f'{FOLDER}/{name}')} {name}" for name in names)]
        writer.write("".join(f"{line}\n" for line in lines).encode())
    elif verb == "GET":
        if not regular(path := path_of(rest)):
            raise Cannot("no such file")
        writer.write(b"OK %d\n" % (size := os.path.getsize(path)))
        await give(writer, path, size)
    elif verb == "PUT":
        text, _, name = rest.partition(" ")
        size, path = size_of(text), path_of(name)
        if os.path.lexists(path):
            raise Cannot("taken")
        with part() as (file, hidden):
            writer.write(b"OK\n")
            await take(reader, file, size)
            try:
                os.link(hidden, path)
            except FileExistsError:
                raise Cannot("taken") from None
        writer.write(b"OK\n")
    else:
        raise Cannot("what?")


async def serve(reader, writer):
    with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.CancelledError):
        while line := await reader.readline():
            if not line.endswith(b"\n"):
                break
            verb, _, rest = line.decode()[:-1].partition(" ")
            try:
                await answer(reader, writer, verb, rest)
            except Cannot as reason:
                writer.write(f"ERR {reason}\n".encode())
            await writer.drain()
    writer.close()


async def server():
    for name in os.listdir(FOLDER):
        if name.startswith(PARTS):
            os.unlink(f"{FOLDER}/{name}")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    listener = await asyncio.start_server(serve, "127.0.0.1", int(argument("--port")))
    print("listening on %s:%d" % listener.sockets[0].getsockname(), flush=True)
    await stop.wait()


async def ask(reader, writer, line=""):
    writer.write(line.encode() + b"\n" if line else b"")
    answer = (await reader.readline()).decode().strip()
    if not answer.startswith("OK"):
        raise Cannot(answer)
    return answer[3:]


async def perform(words):
    verb, _, name = words.partition(" ")
    reader, writer = await asyncio.open_connection(*argument("--connect").split(":"))
    try:
        if verb == "list":
            for _ in range(int(await ask(reader, writer, "LIST"))):
                print((await reader.readline()).decode(), end="")
        elif verb == "get":
            size = size_of(await ask(reader, writer, f"GET {name}"))
            with part() as (file, hidden):
                await take(reader, file, size)
                os.link(hidden, path_of(name))
        elif verb == "put":
            size = os.path.getsize(path_of(name))
            await ask(reader, writer, f"PUT {size} {name}")
            await give(writer, path_of(name), size)
            await ask(reader, writer)
        else:
            raise Cannot("list, get NAME, put NAME, quit")
    finally:
        writer.close()


async def client():
    print("list, get NAME, put NAME, quit", flush=True)
    for line in iter(sys.stdin.readline, ""):
        if line.strip() == "quit":
            break
        try:
            await perform(line.strip())
            print("done", flush=True)
        except (Cannot, OSError) as error:
            print("cannot:", error, flush=True)


asyncio.run(client() if "--connect" in sys.argv else server())
