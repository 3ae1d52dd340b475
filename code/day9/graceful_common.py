"""体面收场的四个服务器共用的：命令行、监听、一个要做一会儿的请求。

一行是一个请求，做 --work 秒，答案就是那一行。没有写完的一行不是请求。
"""
import argparse
import contextlib
import os
import select
import signal
import socket
import sys
import time

LONGEST = 65536


def run(main):
    parser = argparse.ArgumentParser(description="会体面收场的服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    parser.add_argument("--work", type=float, default=0.2, help="一个请求做几秒")
    parser.add_argument("--limit", type=float, default=5, help="收场最多等几秒")
    options = parser.parse_args()
    left = main(**vars(options))
    log("收场：都做完了" if not left else f"期限到了，断开 {left} 个")


def listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address((host, port))}：{error}")
    listener.setblocking(False)
    log("listening on", address(listener.getsockname()))
    return listener


def wakeup():
    """SIGTERM 或 Ctrl-C 来了，返回的描述符就变得可读；处理函数里什么也不做。"""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reader


def connections(listener, stop):
    """一个个新连接，直到 stop 可读；已经在队列里的也交出来。"""
    while not select.select([listener, stop], [], [])[0].count(stop):
        if conn := accept(listener):
            yield conn
    while conn := accept(listener):
        yield conn


def accept(listener):
    try:
        conn = listener.accept()[0]
        conn.setblocking(True)
        return conn
    except BlockingIOError:
        return None                                   # 队列空了
    except ConnectionAbortedError:
        return accept(listener)                       # 等不及走了的，看下一个
    except OSError as error:
        log("暂时不能接受连接：", error.strerror)
        time.sleep(0.2)
        return None


def answer(conn, work, closing):
    """一行一行地回答，直到没有下一行；closing() 说收场了以后，只再答一行。"""
    with contextlib.suppress(OSError), conn.makefile("rb") as lines:
        while (line := lines.readline(LONGEST)).endswith(b"\n"):
            last = closing()
            time.sleep(work)
            conn.sendall(line)
            if last:
                lines.read()                          # 有没读的，close 会发 RST
                break


def no_more(conn):
    """请一个连接走：睡着的 recv 马上醒来，已经到的读完，就得到 b''。"""
    with contextlib.suppress(OSError):                # 对方已经走了
        conn.shutdown(socket.SHUT_RD)


def address(name):
    host, port = name[:2]
    # IPv6 的地址要加方括号
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:                                   # 看记录的人走了，服务照常
        sys.stdout = None                             # 以后的 print 什么也不做
