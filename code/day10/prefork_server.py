"""先 listen，再 fork：每个核一个进程，里面每个客户端一个线程。

运行：  python code/day10/prefork_server.py --workers 4 --port 9000
局限：  哪个进程接到谁，由内核决定，连接多的会忙；父进程被 kill -9，子进程还在；
        只在 Linux 上（/proc，sched_getaffinity）。
"""
import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path


def main(host="127.0.0.1", port=9000, workers=0):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    with listen(host, port) as listener:
        print("listening on", address(listener.getsockname()), flush=True)
        try:
            for _ in range(workers or len(os.sched_getaffinity(0))):
                hire(listener)
            while True:
                os.wait()          # 父进程不服务，只等着：谁死了，
                time.sleep(0.1)    # （一启动就死的，不能不停地补）
                hire(listener)     # 就补一个
        finally:
            dismiss()


def hire(listener):
    pid = None
    while pid is None:
        try:
            pid = os.fork()
        except OSError as error:                      # 进程数到了上限：等一等再开
            log("暂时不能多开一个进程：", error.strerror)
            time.sleep(1)
    if pid == 0:
        try:
            work(listener)
        finally:
            os._exit(0)  # 子进程决不能回到父进程的循环里


def work(listener):
    signal.signal(signal.SIGINT, signal.SIG_IGN)   # Ctrl-C 由父进程处理
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while True:
        if conn := accept(listener):  # 几个进程停在同一个 accept 里，内核叫醒一个
            start(conn)


def dismiss():
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        os.kill(int(pid), signal.SIGKILL)  # 没有要收拾的：连接由内核关闭
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()  # 一个不剩的时候抛出 ChildProcessError


def start(conn):
    try:
        # daemon：Ctrl-C 不必等客户端
        threading.Thread(target=serve, args=(conn,), daemon=True).start()
    except RuntimeError as error:                     # 线程数到了上限
        log("拒绝一个客户端：", error)
        conn.close()


def serve(conn):
    with conn:
        echo(conn)


def listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=1024)
    # 连接会继承：断电的客户端终会被发现
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # 连接会继承：短的回答立即发出
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address(name):
    host, port = name[:2]
    # IPv6 的地址要加方括号
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def accept(listener):
    try:
        return listener.accept()[0]  # 阻塞，直到队列里有一个已建立的连接
    except OSError as error:  # 描述符用完（EMFILE）：不退出，客户端在队列里等
        log("暂时不能接受连接：", error.strerror)
        time.sleep(0.2)
        return None


def echo(conn):
    try:
        while data := conn.recv(65536):               # b'' 表示对方不会再发送
            conn.sendall(data)  # 对方不读，这里就停住，也就不再收：内存不会涨
    except OSError:
        pass  # 连接被重置：只影响这一个客户端


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:                                   # 看记录的人走了，服务照常
        sys.stdout = None                             # 以后的 print 什么也不做


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="回声服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    parser.add_argument("--workers", type=int, default=0, help="0：每核一个")
    options = parser.parse_args()
    try:
        main(options.host, options.port, options.workers)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address((options.host, options.port))}：{error}")
