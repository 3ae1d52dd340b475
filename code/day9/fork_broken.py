"""失败：父进程不关闭连接、不回收子进程，每个客户端漏掉一个描述符，留下一个僵尸。

运行：  python code/day9/fork_broken.py --port 9000
局限：  改正的写法是 fork_server.py。
"""
import argparse
import contextlib
import os
import signal
import socket
import sys
import time
from pathlib import Path


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    clients = []  # 名单引用着每个连接，Python 就不会替我们关闭
    with listen(host, port) as listener:
        print("listening on", address(listener.getsockname()), flush=True)
        try:
            while True:
                if conn := accept(listener):
                    clients.append(conn)
                    # 父进程的那一份一直开着
                    serve(conn, listener)
        finally:
            dismiss()


def serve(conn, listener):
    try:
        pid = os.fork()
    except OSError as error:
        log("拒绝一个客户端：", error.strerror)
        return
    if pid == 0:
        try:
            listener.close()                          # 子进程不接受连接
            echo(conn)
        finally:
            os._exit(0)  # 子进程决不能回到父进程的循环里


def dismiss():
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        os.kill(int(pid), signal.SIGKILL)  # 没有要收拾的：连接由内核关闭
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()  # 一个不剩的时候抛出 ChildProcessError


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
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address((options.host, options.port))}：{error}")
