"""selectors 服务器：标准库挑选这个系统上最好的多路复用（Linux 上是 epoll）。

运行：  python code/day10/selectors_server.py --port 9000
局限：  每个事件多几次 Python 调用，比直接用 epoll 慢。
"""
import argparse
import errno
import os
import selectors
import signal
import socket
import sys


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    with listen(host, port) as listener, selectors.DefaultSelector() as selector:
        spare = os.dup(listener.fileno())             # 备用的描述符，见 refuse
        print("listening on", address(listener.getsockname()), flush=True)
        selector.register(listener, selectors.EVENT_READ)
        clients = {}                                  # 连接 → 还没有交出的字节
        while True:
            for key, _ in selector.select():
                conn = key.fileobj                    # 查找字典由 selector 保管
                if conn is listener:
                    accept(listener, clients, spare, selector)
                else:
                    echo(conn, clients, selector)


def accept(listener, clients, spare, selector):
    try:
        conn = listener.accept()[0]
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            refuse(listener, spare)
        return
    conn.setblocking(False)
    clients[conn] = b""
    selector.register(conn, selectors.EVENT_READ)


def echo(conn, clients, selector):
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
        leave(conn, clients, selector)
    elif owed or rest:
        clients[conn] = rest
        selector.modify(conn, selectors.EVENT_WRITE if rest else selectors.EVENT_READ)


def leave(conn, clients, selector):
    selector.unregister(conn)
    del clients[conn]
    conn.close()


def send(conn, data):
    try:
        return conn.send(data)                        # 交出多少算多少
    except BlockingIOError:
        return 0                                      # 发送缓冲区满了


def refuse(listener, spare):
    os.close(spare)  # 放下备用的描述符，用腾出的编号把客户端请走
    try:
        listener.accept()[0].close()
        log("拒绝一个客户端：描述符用完了")
        return True
    except OSError:                                   # 队列里没有人了
        return False
    finally:
        os.dup2(listener.fileno(), spare)


def listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=1024)
    # 连接会继承：断电的客户端终会被发现
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # 连接会继承：短的回答立即发出
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setblocking(False)
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
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address((options.host, options.port))}：{error}")
