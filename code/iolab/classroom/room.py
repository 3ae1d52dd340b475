"""Open the room: the book's servers on loopback, the gates where students are, the page for the teacher."""

import asyncio
import contextlib
import errno
import signal
import socket

from iolab.classroom import table
from iolab.classroom.chat import DOORS, ChatGate
from iolab.classroom.echo import EchoGate
from iolab.classroom.roster import Roster
from iolab.launch import serve
from iolab.live import address

CHAT_SERVER = "day6/chat_server.py"
TRIES = 20


def sockets(host, port):
    """Return a listening TCP and a bound UDP socket of the same number; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for left in reversed(range(TRIES)):
        stream = socket.create_server((host, port), family=family, backlog=128)
        datagrams = socket.socket(family, socket.SOCK_DGRAM)
        if DOORS:
            datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            datagrams.bind((host, stream.getsockname()[1]))
            return stream, datagrams
        except OSError as error:
            stream.close()
            datagrams.close()
            if port or not left or error.errno != errno.EADDRINUSE:
                raise
    raise AssertionError


def told(host, port, word):
    """How to come in, a line each."""
    there = address.named(host).strip("[]")
    return [f"暗号 {word}",
            f'聊天室：  python code/day6/chat_client.py --host {there} --port {port} --name "{word} 姓名"',
            f"回声：  python code/day4/tcp_client.py --host {there} --port {port}    第一行：{word} 姓名",
            f'笔记本里的回声：  sender("{there}", {port}, allow_remote=True)    第一行：{word} 姓名']


async def open_room(host, port, word, limits, echo, say, draw=None):
    """Serve until SIGINT, SIGTERM or SIGHUP; return False when a server ended by itself.

    echo: the echo server, as launch.serve takes it; say(text) prints, draw(text) replaces what it drew before.
    Raises OSError when it cannot listen, ScriptError when a server does not start, ValueError for a word.
    """
    roster, stop = Roster(word, limits), asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.ExitStack() as stack:
        stream, datagrams = sockets(host, port)
        stack.callback(stream.close)
        stack.callback(datagrams.close)
        chat, arena = (stack.enter_context(serve(script)) for script in (CHAT_SERVER, echo))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stop.set)
        port = stream.getsockname()[1]
        lines = told(host, port, word)
        chat_gate, echo_gate = ChatGate(roster, chat.address, datagrams), EchoGate(roster, arena.address)
        server = await echo_gate.listen(stream)
        page = await asyncio.start_server(lambda *streams: show(roster, lines, *streams), "127.0.0.1", 0)
        shown = "http://127.0.0.1:%d/" % page.sockets[0].getsockname()[1]
        opening = [f"listening on {f'[{host}]' if ':' in host else host}:{port}", *lines,
                   f"谁在：{shown}（只有这台机器能看；Ctrl-C 下课）"]
        if not address.is_local(host):
            opening.append(f"同一网络里知道暗号的人都能进来：{host} 不只是这台机器。没有加密，下课就关。")
        say("\n".join(opening))
        try:
            while not stop.is_set() and chat.running and arena.running:
                if draw:
                    draw("\n".join([*opening, "", table.text(roster)]))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), 2)
        finally:
            page.close()
            server.close()
            await asyncio.gather(chat_gate.close(), echo_gate.close())
        say(table.summary(roster))
        return stop.is_set()


async def show(roster, lines, reader, writer):
    """Answer one request of the teacher's browser; a page of another name (DNS rebinding) sees nothing."""
    with contextlib.suppress(OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
        async with asyncio.timeout(5):
            asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            host = next((line[5:].strip() for line in asked if line.lower().startswith("host:")), "")
            here = "%s:%d" % writer.get_extra_info("sockname")[:2]
            known = asked[0].startswith("GET / ") and host in (here, here.replace("127.0.0.1", "localhost"))
            body = (table.page(roster, lines) if known else "404").encode()
            writer.write(b"HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
                         b"Cache-Control: no-store\r\nConnection: close\r\n\r\n"
                         % (b"200 OK" if known else b"404 Not Found", len(body)) + body)
            await writer.drain()
    writer.close()
