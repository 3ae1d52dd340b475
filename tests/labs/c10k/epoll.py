"""One epoll, level-triggered, a buffer only for who does not read: the reference solution."""
import argparse
import select
import signal
import socket
import sys
import time


class Server:
    def __init__(self, listener):
        self.listener, self.poller, self.conns, self.owed, self.resume = listener, select.epoll(), {}, {}, None
        listener.setblocking(False)
        self.poller.register(listener, select.EPOLLIN)

    def run(self):
        while True:
            timeout = None if self.resume is None else max(0, self.resume - time.monotonic())
            for number, _ in self.poller.poll(timeout):
                if number == self.listener.fileno():
                    self.accept()
                else:
                    self.serve(number)
            if self.resume and time.monotonic() >= self.resume:
                self.resume = None
                self.poller.register(self.listener, select.EPOLLIN)

    def accept(self):
        try:
            while True:
                conn, _ = self.listener.accept()
                conn.setblocking(False)
                self.conns[conn.fileno()] = conn
                self.poller.register(conn, select.EPOLLIN)
        except BlockingIOError:
            pass
        except OSError:
            self.poller.unregister(self.listener)
            self.resume = time.monotonic() + 0.2

    def serve(self, number):
        conn = self.conns[number]
        try:
            data = self.owed.pop(number, None) or conn.recv(65536)
            if not data:
                return self.leave(number)
            rest = data[self.send(conn, data):]
            if rest:
                self.owed[number] = rest
            self.poller.modify(number, select.EPOLLOUT if rest else select.EPOLLIN)
        except BlockingIOError:
            pass
        except OSError:
            self.leave(number)

    def send(self, conn, data):
        try:
            return conn.send(data)
        except BlockingIOError:
            return 0

    def leave(self, number):
        self.owed.pop(number, None)
        self.conns.pop(number).close()


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=9000)
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
with socket.create_server(("127.0.0.1", parser.parse_args().port), backlog=1024) as listener:
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    Server(listener).run()
