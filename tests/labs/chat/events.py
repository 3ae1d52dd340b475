"""One thread, one selector, a bounded buffer for each member: the reference solution."""
import argparse
import os
import selectors
import signal
import socket
import sys

ROOM_FOR_LINE, ROOM_FOR_UNREAD = 65536, 8 << 20


class Member:
    def __init__(self, conn):
        self.conn, self.name, self.came, self.waiting = conn, None, bytearray(), bytearray()


class Room:
    def __init__(self, listener):
        self.selector, self.listener, self.members, self.typed = selectors.DefaultSelector(), listener, {}, b""
        self.selector.register(listener, selectors.EVENT_READ, self.accept)
        try:
            self.selector.register(0, selectors.EVENT_READ, self.announce)
        except (OSError, ValueError):
            pass

    def run(self):
        while True:
            for key, events in self.selector.select():
                if isinstance(key.data, Member):
                    self.serve(key.data, events)
                else:
                    key.data()

    def accept(self):
        conn, _ = self.listener.accept()
        conn.setblocking(False)
        self.selector.register(conn, selectors.EVENT_READ, Member(conn))

    def announce(self):
        data = os.read(0, 65536)
        if not data:
            self.selector.unregister(0)
        *lines, self.typed = (self.typed + data).split(b"\n")
        for line in lines:
            self.tell("管理员消息：" + line.decode(errors="replace"))

    def serve(self, member, events):
        try:
            if events & selectors.EVENT_WRITE:
                self.flush(member)
            if events & selectors.EVENT_READ:
                data = member.conn.recv(65536)
                if not data:
                    return self.leave(member)
                member.came += data
                *lines, member.came = member.came.split(b"\n")
                for line in lines:
                    self.hear(member, line.decode())
                if len(member.came) > ROOM_FOR_LINE:
                    self.leave(member)
        except BlockingIOError:
            pass
        except (OSError, UnicodeDecodeError):
            self.leave(member)

    def hear(self, member, text):
        if member.name:
            self.tell(member.name + "：" + "".join(one if one.isprintable() else "?" for one in text), but=member)
        elif not (1 <= len(text) <= 12 and text.isalnum()) or text.startswith("管理员"):
            self.send(member, "ERR 不能用的姓名")
        elif text in self.members:
            self.send(member, "ERR 姓名有人用着")
        else:
            member.name = text
            self.send(member, "OK")
            self.tell(f"{text} 进入了聊天室")
            self.members[text] = member

    def tell(self, text, but=None):
        for member in list(self.members.values()):
            if member is not but:
                self.send(member, text)

    def send(self, member, text):
        member.waiting += text.encode() + b"\n"
        try:
            self.flush(member)
        except OSError:
            return self.leave(member)
        if len(member.waiting) > ROOM_FOR_UNREAD:
            self.leave(member)

    def flush(self, member):
        try:
            del member.waiting[:member.conn.send(member.waiting)]
        except BlockingIOError:
            pass
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if member.waiting else 0)
        self.selector.modify(member.conn, events, member)

    def leave(self, member):
        if member.conn.fileno() < 0:
            return
        self.selector.unregister(member.conn)
        member.conn.close()
        if self.members.pop(member.name, None):
            self.tell(f"{member.name} 退出了聊天室")


parser = argparse.ArgumentParser()
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=9000)
options = parser.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
with socket.create_server((options.host, options.port), backlog=128) as listener:
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    Room(listener).run()
