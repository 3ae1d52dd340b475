"""正确：边缘触发时读到 EAGAIN、接受到 EAGAIN；每次最多 16 轮，不让别人挨饿。

运行：  python code/day10/epoll_edge_fixed.py --port 9000
局限：  比水平触发多一张就绪表；换来的是每个客户端只登记一次，不再修改。
"""
import argparse
import errno
import os
import select
import signal
import socket
import sys

TURNS = 16  # 一个客户端一次最多占用几轮
# 登记一次，以后不再修改
ANY = select.EPOLLIN | select.EPOLLOUT | select.EPOLLET


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    with listen(host, port) as listener, select.epoll() as poller:
        spare = os.dup(listener.fileno())             # 备用的描述符，见 refuse
        print("listening on", address(listener.getsockname()), flush=True)
        poller.register(listener, ANY)
        sockets = {listener.fileno(): listener}       # 查找字典：编号 → 套接字
        clients = {}                                  # 连接 → 还没有交出的字节
        ready = []  # 轮次用完、可能还有数据的连接
        while True:
            events = poller.poll(0 if ready else None)
            turn, ready = {*ready, *(sockets[fd] for fd, _ in events)}, []
            for conn in turn:
                if conn is listener:
                    more = accept(listener, clients, spare, poller, sockets)
                else:
                    more = echo(conn, clients, sockets)
                if more:
                    ready.append(conn)


def accept(listener, clients, spare, poller, sockets):
    for _ in range(TURNS):
        try:
            conn = listener.accept()[0]
        except BlockingIOError:
            return False                              # 队列取空了
        except OSError as error:
            full = error.errno in (errno.EMFILE, errno.ENFILE)
            if full and not refuse(listener, spare):
                return False
            continue
        conn.setblocking(False)
        clients[conn] = b""
        sockets[conn.fileno()] = conn
        poller.register(conn, ANY)
    return True


def echo(conn, clients, sockets):
    for _ in range(TURNS):  # 一直读到 EAGAIN 才会有下一次通知
        try:
            data = clients[conn] or conn.recv(4096)
            clients[conn] = data[send(conn, data):]
        except BlockingIOError:
            return False                              # 读空了，等下一次通知
        except OSError:
            data = b""  # 连接被重置：只影响这一个客户端
        if not data:
            leave(conn, clients, sockets)
            return False
        if clients[conn]:
            return False  # 发送缓冲区满了，腾出地方时有通知
    return True  # 还没有读空，先让别的客户端


def leave(conn, clients, sockets):
    del clients[conn], sockets[conn.fileno()]
    conn.close()  # 描述符关闭，内核随之取消监控


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
