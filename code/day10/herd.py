"""惊群：几个进程等同一个监听套接字，来一个客户端，醒来几个。

运行：  python code/day10/herd.py epoll
局限：  只在 Linux 上（epoll，/proc）；醒来的都等 0.3 秒再 accept，平时谁快谁先抢走。
"""
import argparse
import os
import select
import signal
import socket
import time
from pathlib import Path


def main(way, count=4):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        reader, writer = os.pipe()
        pids = [hire(way, listener, writer) for _ in range(count)]
        while any(state(pid) != "S" for pid in pids):
            time.sleep(0.01)                           # 等到个个都睡着
        with socket.create_connection(listener.getsockname()):
            time.sleep(0.6)
        told = os.read(reader, 100).decode()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    print(f"{way}：{count} 个进程在等，来了 1 个客户端，醒来 {told.count('醒')} 个，"
          f"扑空 {told.count('空')} 个")


def hire(way, listener, writer):
    pid = os.fork()
    if pid == 0:
        try:
            wait(way, listener)
            os.write(writer, "醒".encode())
            if way != "accept":
                take(listener, writer)
            signal.pause()
        finally:
            os._exit(0)
    return pid


def wait(way, listener):
    if way == "accept":
        listener.accept()                              # 等和拿是一件事
    elif way == "select":
        select.select([listener], [], [])
    else:
        poller = select.epoll()
        alone = select.EPOLLEXCLUSIVE if way == "exclusive" else 0
        poller.register(listener, select.EPOLLIN | alone)
        poller.poll()


def take(listener, writer):
    time.sleep(0.3)                                    # 让别人也来得及醒
    listener.setblocking(False)
    try:
        listener.accept()
    except BlockingIOError:                            # 已经被别的进程拿走了
        os.write(writer, "空".encode())


def state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="来一个客户端，醒来几个进程")
    parser.add_argument("way", choices=("accept", "select", "epoll", "exclusive"))
    parser.add_argument("--processes", type=int, default=4)
    options = parser.parse_args()
    main(options.way, options.processes)
