"""The gate before an echo server: the first line is the word and a name, and comes back; the rest is the server's."""

import asyncio
import contextlib
import socket
from collections import Counter

from iolab.classroom.roster import ECHO, Refused

PIECE = 16384
QUIET = 1.0      # seconds: who sends a line without its end (tcp_client.py does) has said it by then
FAREWELL = 2.0   # seconds in which what is left may still reach a guest who leaves
SPARE = 16       # connections beyond the guests that may be saying the word


class EchoGate:
    """backend: (host, port) of the server; roster: who may come in."""

    def __init__(self, roster, backend):
        self.roster, self.backend = roster, backend
        self._open, self._tasks = Counter(), set()

    async def listen(self, sock):
        """Serve on a listening socket from now on; return the asyncio.Server."""
        return await asyncio.start_server(self._serve, sock=sock, limit=PIECE)

    async def close(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        host, limits = (writer.get_extra_info("peername") or ("?",))[0], self.roster.limits
        if self._open.total() >= limits.students + SPARE or self._open[host] >= limits.per_address + 1:
            self.roster.refused["连接太多"] += 1
            writer.transport.abort()
            return
        task = asyncio.current_task()
        self._tasks.add(task)
        self._open[host] += 1
        try:
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
                await self._guest(reader, writer, host)
        finally:
            self._tasks.discard(task)
            self._open[host] -= 1
            if not self._open[host]:
                del self._open[host]
            await farewell(writer)

    async def _guest(self, reader, writer, host):
        limits = self.roster.limits
        with contextlib.suppress(OSError, AttributeError):   # a guest whose machine went to sleep is found out
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 30)
        line, rest = await first_line(reader, limits)
        async with asyncio.timeout(limits.knock):
            while wait := self.roster.may_knock(host):
                await asyncio.sleep(wait)
        try:
            guest = self.roster.enter(line.decode(errors="replace"), host, ECHO)
        except Refused as why:
            writer.write(f"{why}\n".encode())
            return
        try:
            writer.write(line)
            await self._relay(guest, reader, writer, rest)
        finally:
            self.roster.leave(guest)

    async def _relay(self, guest, reader, writer, rest):
        inner_reader, inner_writer = await asyncio.open_connection(*self.backend, limit=PIECE)
        up = asyncio.create_task(self._up(guest, reader, inner_writer, rest))
        try:
            while data := await inner_reader.read(PIECE):
                writer.write(data)
                async with asyncio.timeout(self.roster.limits.idle):   # who never reads holds a place only so long
                    await writer.drain()
        finally:
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
            inner_writer.transport.abort()

    async def _up(self, guest, reader, inner, data):
        """From the guest to the server, no faster than the rate. What goes wrong ends the connection to the server."""
        try:
            while True:
                if data:
                    guest.got += len(data)
                    guest.seen = self.roster.clock()
                    inner.write(data)
                    await asyncio.sleep(guest.bucket.owe(len(data), guest.seen))
                    await inner.drain()
                async with asyncio.timeout(self.roster.limits.idle):
                    data = await reader.read(PIECE)
                if not data:
                    break
            inner.write_eof()
        except (OSError, TimeoutError):
            inner.transport.abort()


async def first_line(reader, limits):
    """Return (the first line with its end, what came behind it); raises TimeoutError for one that does not come."""
    data = b""
    async with asyncio.timeout(limits.knock):
        while b"\n" not in data and len(data) <= limits.line:
            try:
                async with asyncio.timeout(QUIET if data else None):
                    piece = await reader.read(limits.line + 1)
            except TimeoutError:
                break
            if not piece:
                break
            data += piece
    if not data:
        raise TimeoutError("nothing was said")
    line, end, rest = data.partition(b"\n")
    return line + end, rest


async def farewell(writer):
    with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(FAREWELL):
            writer.close()
            await writer.wait_closed()
    writer.transport.abort()
