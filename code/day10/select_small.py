"""最小的 select 服务器：一个线程，谁就绪就处理谁。

运行：  python code/day10/select_small.py --port 9000
局限：  一个客户端重置连接，所有人都断开，见 select_steady.py。
"""
import argparse
import select
import signal
import socket
import sys


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    with listen(host, port) as listener:
        print("listening on", address(listener.getsockname()), flush=True)
        clients = []
        while True:
            readable, _, _ = select.select([listener, *clients], [], [])
            for conn in readable:
                if conn is listener:
                    clients.append(listener.accept()[0])
                else:
                    echo(conn, clients)


def echo(conn, clients):
    data = conn.recv(65536)
    if data:
        conn.sendall(data)
    else:
        leave(conn, clients)


def leave(conn, clients):
    clients.remove(conn)
    conn.close()


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
