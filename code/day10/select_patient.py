"""经得起慢客户端的 select 服务器：交出多少算多少，剩下的记着。

运行：  python code/day10/select_patient.py --port 9000
局限：  描述符用完、编号到了 1024 就结束，见 select_server.py。
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
        clients = {}                                  # 连接 → 还没有交出的字节
        while True:
            readers = [conn for conn, rest in clients.items() if not rest]
            writers = [conn for conn, rest in clients.items() if rest]
            readable, writable, _ = select.select([listener, *readers], writers, [])
            for conn in readable + writable:
                if conn is listener:
                    accept(listener, clients)
                else:
                    echo(conn, clients)


def accept(listener, clients):
    conn = listener.accept()[0]
    conn.setblocking(False)
    clients[conn] = b""


def echo(conn, clients):
    owed = clients[conn]
    try:
        # 欠的交清了才收新的：对方不读，就不再收它的
        data = owed or conn.recv(65536)
        rest = data[send(conn, data):]
    except BlockingIOError:
        return                                        # 虚报：没有数据
    except OSError:
        data = b""  # 连接被重置：只影响这一个客户端
    if not data:
        leave(conn, clients)
    else:
        clients[conn] = rest  # 有剩余的进 writers，没有的进 readers


def leave(conn, clients):
    del clients[conn]
    conn.close()


def send(conn, data):
    try:
        return conn.send(data)                        # 交出多少算多少
    except BlockingIOError:
        return 0                                      # 发送缓冲区满了


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
