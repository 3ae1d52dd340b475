"""线程池服务器：固定几个线程，从一个队列里取连接，服务完一个再取下一个。

运行：  python code/day10/pool_server.py --workers 4 --port 9000
局限：  一个客户端占着一个线程，直到离开；线程都被占着，后来的连得上，却没有人服务。
"""
import argparse
import queue
import signal
import socket
import sys
import threading
import time


def main(host="127.0.0.1", port=9000, workers=64):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    jobs = queue.Queue()
    for _ in range(workers):
        # daemon：Ctrl-C 不必等客户端
        threading.Thread(target=work, args=(jobs,), daemon=True).start()
    with listen(host, port) as listener:
        print("listening on", address(listener.getsockname()), flush=True)
        while True:
            if conn := accept(listener):
                jobs.put(conn)                        # 没有空的线程，就在这里排队


def work(jobs):
    while True:
        serve(jobs.get())


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
    parser.add_argument("--workers", type=int, default=64, help="几个线程")
    options = parser.parse_args()
    try:
        main(options.host, options.port, options.workers)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address((options.host, options.port))}：{error}")
