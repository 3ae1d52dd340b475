"""The gate before the chat room of day6: a JOIN says the word before the name, everything else goes through.

The book's own client joins with a name of two words, `--name "WORD NAME"`. Each guest has a socket of his own towards
the server, so that the server, which knows people by their addresses, sees as many as there are; and where the kernel
can (Linux), a connected one towards him: what strangers send then fills a queue that is not his.
"""

import asyncio
import contextlib
import re
import socket
import sys

from iolab.classroom.limits import Bucket
from iolab.classroom.roster import CHAT, Refused, parts

DOORS = sys.platform == "linux"   # two sockets of one port, and the connected one gets what its peer sends
MOST = 2048       # bytes of a datagram; the server itself refuses those over 1024
AT_ONCE = 200     # datagrams that are read before others get their turn
GONE = 15.0       # seconds of silence; the server's lease is three
STRANGERS = 200   # answers a second to all who are not in
QUEUE = 1 << 20   # bytes that may wait for the gate
REQUEST = re.compile(rb"(JOIN|SAY|LEAVE|BEAT) (\d{1,9})(?: (.*))?", re.S)


class Member:
    """A guest of the chat room: `inside` is the socket towards the server, `door` the one towards the guest."""

    def __init__(self, guest, address, inside, door, limits, now):
        self.guest, self.address, self.inside, self.door, self.left = guest, address, inside, door, False
        self.requests = Bucket(limits.requests, 4 * limits.requests, now)


class ChatGate:
    """backend: (host, port) of the server; roster: who may come in; sock: a UDP socket that is bound, if DOORS with
    SO_REUSEPORT."""

    def __init__(self, roster, backend, sock):
        self.roster, self.backend, self.sock = roster, backend, sock
        self.members = {}
        self._strangers = Bucket(STRANGERS, STRANGERS, roster.clock())
        self._loop = asyncio.get_running_loop()
        self._watch(sock)
        self._sweeper = asyncio.create_task(self._sweep())

    async def close(self):
        """Tell everybody, and end."""
        self._sweeper.cancel()
        await asyncio.gather(self._sweeper, return_exceptions=True)
        for member in list(self.members.values()):
            self._say("BYE 0 下课了".encode(), member)
            self._forget(member)
        self._loop.remove_reader(self.sock)
        self.sock.close()

    def _watch(self, sock):
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE)
        self._loop.add_reader(sock, self._read, sock)

    def _read(self, sock):
        for _ in range(AT_ONCE):
            try:
                data, address = sock.recvfrom(MOST)
            except BlockingIOError:
                return
            except OSError:   # what ICMP says of somebody who left
                continue
            if member := self.members.get(address):
                self._pass_on(member, data)
            else:
                self._knock(data, address)
            if sock.fileno() < 0:
                return

    def _knock(self, data, address):
        request = REQUEST.fullmatch(data)
        if not request or len(data) > self.roster.limits.line or self.roster.may_knock(address[0]):
            return   # no answer: whoever meant it asks again
        verb, number, line = request.groups()
        try:
            if verb != b"JOIN":
                raise Refused("先说暗号：写 暗号 空格 姓名")
            guest = self.roster.enter((line or b"").decode(errors="replace"), address[0], CHAT)
        except Refused as why:
            if not self._strangers.take(1, self.roster.clock()):
                with contextlib.suppress(OSError):
                    self.sock.sendto(b"ERR %d %s" % (int(number) if verb == b"JOIN" else 0, str(why).encode()), address)
            return
        try:
            inside, door = self._sockets(address)
        except OSError:   # no more of them, or no way to this address: whoever meant it asks again
            self.roster.leave(guest)
            return
        member = Member(guest, address, inside, door, self.roster.limits, self.roster.clock())
        self.members[address] = member
        self._loop.add_reader(inside, self._answer, member)
        self._pass_on(member, data)

    def _sockets(self, address):
        """Return the sockets towards the server and towards a guest at this address."""
        family = socket.AF_INET6 if ":" in self.backend[0] else socket.AF_INET
        with contextlib.ExitStack() as unless_all_are_there:
            inside = unless_all_are_there.enter_context(socket.socket(family, socket.SOCK_DGRAM))
            inside.setblocking(False)
            inside.connect(self.backend)
            door = self.sock
            if DOORS:
                door = unless_all_are_there.enter_context(socket.socket(self.sock.family, socket.SOCK_DGRAM))
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                door.bind(self.sock.getsockname())
                door.connect(address)   # what others sent in between is read from it, too
                self._watch(door)
            unless_all_are_there.pop_all()
        return inside, door

    def _pass_on(self, member, data):
        guest, now = member.guest, self.roster.clock()
        if member.requests.take(1, now) or guest.bucket.take(len(data), now):
            guest.dropped += 1   # as a full network would; whoever meant it asks again
            return
        guest.got += len(data)
        if not member.left:   # or he would keep his sockets, and join again and again
            guest.seen = now
        request = REQUEST.fullmatch(data)
        if request and request[1] == b"JOIN":
            if member.left:
                self._forget(member)
                self._knock(data, member.address)
                return
            word, name = parts((request[3] or b"").decode(errors="replace"))
            name = name or word   # who is in need not say the word again
            with contextlib.suppress(Refused):
                guest.name = self.roster.check_name(name)
            data = b"JOIN %s %s" % (request[2], name.encode())   # the same each time: a request may come twice
        member.left = bool(request and request[1] == b"LEAVE") or member.left
        try:
            member.inside.send(data)
        except OSError:
            guest.dropped += 1

    def _answer(self, member):
        for _ in range(AT_ONCE):
            try:
                data = member.inside.recv(65536)
            except OSError:
                return
            self._say(data, member)
            if member.left:
                self.roster.leave(member.guest)

    def _say(self, data, member):
        with contextlib.suppress(OSError):   # the way to one guest does not concern the others
            if member.door is self.sock:
                self.sock.sendto(data, member.address)
            else:
                member.door.send(data)

    def _forget(self, member):
        for sock in {member.inside, member.door} - {self.sock}:
            self._loop.remove_reader(sock)
            sock.close()
        self.members.pop(member.address, None)
        self.roster.leave(member.guest)

    async def _sweep(self):
        while True:
            await asyncio.sleep(1)
            for member in list(self.members.values()):
                if self.roster.clock() - member.guest.seen > GONE:
                    self._forget(member)
