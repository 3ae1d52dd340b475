"""几台会停住的服务器共用的开头：参数、监听、结束，和打印所有线程的栈的信号。

每个客户端一个线程，收一行，发回 handle(这一行)。SIGUSR1 让 faulthandler 打印栈。
"""
import argparse
import contextlib
import faulthandler
import signal
import socket
import sys
from threading import Thread

MOST = 1000  # 一行最多几个字节


def run(handle):
    faulthandler.register(signal.SIGUSR1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    host, port = options()
    try:
        with listen(host, port) as listener:
            print("listening on", address(listener.getsockname()), flush=True)
            while True:
                conn, _ = listener.accept()
                Thread(target=answer, args=(conn, handle), daemon=True).start()
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address((host, port))}：{error}")


def answer(conn, handle):
    with contextlib.suppress(OSError), conn, conn.makefile("rb") as lines:
        while line := lines.readline(MOST):
            conn.sendall(handle(line.strip()) + b"\n")


def options():
    parser = argparse.ArgumentParser(description="会停住的服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    found = parser.parse_args()
    return found.host, found.port


def listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def address(name):
    host, port = name[:2]
    # IPv6 的地址要加方括号
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:                                   # 看记录的人走了，服务照常
        sys.stdout = None                             # 以后的 print 什么也不做
