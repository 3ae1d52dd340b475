"""五种通信方式的代价：一条小消息来回要多久，大块数据每秒能送多少。

运行：  python code/day7/ipc_cost.py --numbers
局限：  时间随机器和它忙不忙而变，取几轮里最好的；字节数每次一样。
"""
import itertools
import multiprocessing
import os
import signal
import socket
import sys
import time
import warnings
from functools import partial
from multiprocessing.shared_memory import SharedMemory
from multiprocessing.sharedctypes import RawArray

ROUND_TRIPS, TRIES = 300, 3
SIZE = 32 * 1024 * 1024
BLOCK = 1024 * 1024
warnings.simplefilter("ignore", DeprecationWarning)  # 队列的后台线程刚刚结束


def main():
    small = {ends.__name__: measure(echo, ends, ask)
             for ends in (pipe, socketpair, queue, semaphores, signals)}
    large = {ends.__name__: measure(produce, ends, consume)
             for ends in (pipe, socketpair, queue, shared)}
    each = {name: size // ROUND_TRIPS for name, (_, size) in small.items()}
    print("一条 1 字节的消息，写给内核的字节：")
    print("  管道", each["pipe"], "，信号", each["signals"], end="，队列")
    print("多于 10" if each["queue"] > 10 else each["queue"])
    times = {name: size // SIZE for name, (_, size) in large.items()}
    print("大块数据，写给内核几遍：")
    print("  管道", times["pipe"], "，队列", times["queue"], end="，")
    print("共享内存", times["shared"])
    if "--numbers" in sys.argv:
        for name, (seconds, _) in small.items():
            print(f"小消息来回 {name:10} {seconds / ROUND_TRIPS * 1e6:6.0f} 微秒")
        for name, (seconds, _) in large.items():
            print(f"大块数据   {name:10} {SIZE / seconds / 1e6:6.0f} MB/s")


def measure(child, ends, parent):
    """父子各拿一端；返回（几轮里最短的秒数，发送多的一方 write 的字节数）。"""
    found = []
    for _ in range(TRIES):
        mine, other = ends()
        counted = RawArray("q", 2)
        pid = os.fork()
        if pid == 0:
            try:
                counted[1] = count(child, other)[1]
            finally:
                os._exit(0)
        seconds, counted[0] = count(parent, mine)
        os.waitpid(pid, 0)
        found.append((seconds, max(counted)))
    return min(found)


def count(work, end):
    before, begun = written(), time.perf_counter()
    work(end)
    seconds = time.perf_counter() - begun
    end.finish()
    return seconds, written() - before


def written():
    with open("/proc/self/io") as io:    # wchar 是 write 之类交给内核的字节数
        return next(int(line.split()[1]) for line in io if "wchar" in line)


def echo(end):
    for _ in range(ROUND_TRIPS):
        end.put(end.get())


def ask(end):
    for _ in range(ROUND_TRIPS):
        end.put(b"x")
        end.get()


def produce(end):
    block = bytes(BLOCK)
    for _ in range(SIZE // BLOCK):
        end.put(block)


def consume(end):
    received = 0
    while received < SIZE:
        received += len(end.get())


class End:
    """一端：put 放一条，get 取一条，finish 等放进去的都送出。"""

    def __init__(self, put, get, finish=lambda: None):
        self.put, self.get, self.finish = put, get, finish


def pipe():
    (r1, w1), (r2, w2) = os.pipe(), os.pipe()
    return End(writer(w1), reader(r2)), End(writer(w2), reader(r1))


def socketpair():
    a, b = socket.socketpair()
    other = End(b.sendall, lambda: b.recv(BLOCK))
    return End(a.sendall, lambda: a.recv(BLOCK), a.close), other


def queue():
    a, b = multiprocessing.Queue(), multiprocessing.Queue()
    return End(a.put, b.get, partial(sent, a)), End(b.put, a.get, partial(sent, b))


def sent(queue):
    queue.close()
    queue.join_thread()                               # 真正送出的是它的后台线程


def semaphores():
    """共享内存不会通知，小消息靠两个信号量轮流。"""
    a, b = multiprocessing.Semaphore(0), multiprocessing.Semaphore(0)
    other = End(lambda _: b.release(), a.acquire)
    return End(lambda _: a.release(), b.acquire), other


def signals():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    pids = RawArray("i", [os.getpid(), 0])

    def wait():
        return signal.sigwaitinfo({signal.SIGUSR1})

    def first(_):
        while not pids[1]:
            os.sched_yield()
        os.kill(pids[1], signal.SIGUSR1)

    def second(_):
        os.kill(pids[0], signal.SIGUSR1)

    def get():
        pids[1] = os.getpid()
        return wait()

    return End(first, wait), End(second, get)


def shared():
    """四块内存轮流用：生产者写好一块放一次 ready，消费者取出后放一次 free。"""
    memory = SharedMemory(create=True, size=4 * BLOCK)
    blocks = itertools.cycle(range(4))
    memory.unlink()    # 两边都已经打开，名字可以先去掉
    ready, free = multiprocessing.Semaphore(0), multiprocessing.Semaphore(4)

    def put(block):
        free.acquire()
        at = next(blocks) * BLOCK
        memory.buf[at:at + BLOCK] = block
        ready.release()

    def get():
        ready.acquire()
        at = next(blocks) * BLOCK
        block = bytes(memory.buf[at:at + BLOCK])      # 复制出来，这一块就可以再用
        free.release()
        return block

    return End(None, get, memory.close), End(put, None)


def writer(descriptor):
    def write(data):
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest):]
    return write


def reader(descriptor):
    return lambda: os.read(descriptor, BLOCK)


if __name__ == "__main__":
    main()
