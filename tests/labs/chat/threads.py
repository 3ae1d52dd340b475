"""A reading and a writing thread for each member, a bounded queue between; one lock makes one order."""
import queue
import socket
import sys
import threading

lock, members = threading.Lock(), {}


class Member:
    def __init__(self, conn):
        self.conn, self.name, self.queue = conn, None, queue.Queue(100)
        threading.Thread(target=self.write, daemon=True).start()

    def send(self, text):
        try:
            self.queue.put_nowait(text)
        except queue.Full:
            self.shut()

    def shut(self):
        try:
            self.conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def write(self):
        try:
            while (text := self.queue.get()) is not None:
                self.conn.sendall(text.encode() + b"\n")
        except OSError:
            self.shut()

    def read(self):
        try:
            with self.conn.makefile("rb") as lines:
                for line in lines:
                    self.hear(line[:-1].decode())
        except (OSError, UnicodeDecodeError):
            pass
        with lock:
            if members.pop(self.name, None):
                tell(f"{self.name} 退出了聊天室")
        self.queue.put(None)
        self.conn.close()

    def hear(self, text):
        with lock:
            if self.name:
                clean = text if text.isprintable() else ascii(text)
                tell(f"{self.name}：{clean}", self)
            elif not 0 < len(text) < 13 or not text.isalnum() or text.startswith("管理员"):
                self.send("ERR bad name")
            elif text in members:
                self.send("ERR taken")
            else:
                self.name = text
                self.send("OK")
                tell(f"{text} 进入了聊天室")
                members[text] = self


def tell(text, but=None):
    for member in members.values():
        if member is not but:
            member.send(text)


def administrator():
    for line in sys.stdin:
        with lock:
            tell("管理员消息：" + line.rstrip("\n"))


def main(port):
    with socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        threading.Thread(target=administrator, daemon=True).start()
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=Member(conn).read, daemon=True).start()


main(int(sys.argv[sys.argv.index("--port") + 1]))
