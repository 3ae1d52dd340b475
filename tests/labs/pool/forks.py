"""fork, a socket pair for each worker, one selector: the reference solution."""
import os
import selectors
import signal
import socket
import sys
import time


class Worker:
    def __init__(self, others):
        self.task = None
        self.sock, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            for one in others:
                one.sock.close()
            self.sock.close()
            os.close(0)
            os.close(1)
            try:
                work(theirs)
            finally:
                os._exit(0)
        theirs.close()

    def end(self):
        self.sock.close()
        os.waitpid(self.pid, 0)


def work(sock):
    with sock.makefile("rw", encoding="utf-8") as lines:
        for line in lines:
            try:
                answer = f"ok {perform(*line.strip().split(' ', 1))}"
            except Exception as error:
                answer = f"error {error}"
            lines.write(answer + "\n")
            lines.flush()


def perform(verb, rest=""):
    if verb == "square":
        return int(rest) ** 2
    if verb == "sleep":
        ms, word = rest.split(" ")
        time.sleep(int(ms) / 1000)
        return word
    if verb == "pid":
        return os.getpid()
    if verb == "exit":
        os._exit(3)
    raise RuntimeError(rest)


class Pool:
    def __init__(self, count):
        self.selector, self.workers = selectors.DefaultSelector(), []
        self.todo, self.done, self.given, self.told = [], {}, 0, 0
        for _ in range(count):
            self.hire()

    def hire(self):
        worker = Worker(self.workers)
        self.workers.append(worker)
        self.selector.register(worker.sock, selectors.EVENT_READ, worker)

    def run(self):
        self.selector.register(0, selectors.EVENT_READ)
        rest, ended = b"", False
        while not ended or self.told < self.given:
            for key, _ in self.selector.select():
                if key.data:
                    self.hear(key.data)
                    continue
                data = os.read(0, 65536)
                if not data:
                    ended = True
                    self.selector.unregister(0)
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self.todo.append((self.given, line))
                    self.given += 1
            self.assign()
        for worker in self.workers:
            worker.end()

    def hear(self, worker):
        try:
            answer = worker.sock.recv(65536)
        except OSError:
            answer = b""
        if worker.task is not None:
            self.done[worker.task] = answer or b"lost\n"
        worker.task = None
        if not answer:
            self.selector.unregister(worker.sock)
            worker.end()
            self.workers.remove(worker)
            self.hire()
        self.tell()

    def tell(self):
        while self.told in self.done:
            os.write(1, self.done.pop(self.told))
            self.told += 1

    def assign(self):
        for worker in self.workers:
            if worker.task is None and self.todo:
                number, line = self.todo[0]
                try:
                    worker.sock.sendall(line + b"\n")
                except OSError:
                    continue  # it is dead: hear() will know
                worker.task = self.todo.pop(0)[0]


def stop(*_):
    for worker in pool.workers:
        os.kill(worker.pid, signal.SIGKILL)
    os._exit(1)


pool = Pool(int(sys.argv[sys.argv.index("--workers") + 1]))
signal.signal(signal.SIGTERM, stop)
pool.run()
