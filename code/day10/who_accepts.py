"""一百个客户端一个接一个地来，四个进程各接到几个。

运行：  python code/day10/who_accepts.py exclusive
局限：  客户端一走下一个才来，进程都闲着；忙起来，接得到的是有空的。
"""
import argparse
import os
import select
import signal
import socket
import time
from collections import Counter
from pathlib import Path

PROCESSES, CLIENTS = 4, 100


def main(way):
    listeners = [listen(way == "reuseport", 0)]
    address = listeners[0].getsockname()
    while way == "reuseport" and len(listeners) < PROCESSES:
        listeners.append(listen(True, address[1]))     # 每个进程一个，同一个端口
    pids = [hire(way, listeners[number % len(listeners)], number)
            for number in range(PROCESSES)]
    while any(state(pid) != "S" for pid in pids):
        time.sleep(0.01)                               # 等到个个都睡着
    got = Counter(ask(address) for _ in range(CLIENTS))
    print(f"{way:10}各接到", *(got[number] for number in range(PROCESSES)))
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def listen(shared, port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shared)
    listener.bind(("127.0.0.1", port))
    listener.listen(1024)
    return listener


def hire(way, listener, number):
    pid = os.fork()
    if pid == 0:
        try:
            work(listener, number, way == "exclusive")
        finally:
            os._exit(0)
    return pid


def work(listener, number, exclusive):
    poller = select.epoll()
    if exclusive:                                      # 登记一次，一直有效
        listener.setblocking(False)
        poller.register(listener, select.EPOLLIN | select.EPOLLEXCLUSIVE)
    while True:
        if exclusive:
            poller.poll()
        try:
            conn = listener.accept()[0]
        except BlockingIOError:                        # 别的进程先拿走了
            continue
        with conn:
            conn.sendall(bytes([number]))


def state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def ask(address):
    with socket.create_connection(address) as conn:
        return conn.recv(1)[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="四个进程各接到几个客户端")
    parser.add_argument("way", choices=("accept", "exclusive", "reuseport"))
    main(parser.parse_args().way)
