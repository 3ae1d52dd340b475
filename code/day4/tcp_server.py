"""一次只服务一个客户端的回声服务器（echo server）。

运行：  python code/day4/tcp_server.py --port 9000
局限：  第二个客户端要等第一个离开。
"""
import argparse
import os
import signal
import socket
import sys
import time


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill 和 Ctrl-C 一样
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        log("listening on", name(listener.getsockname()))
        while True:
            conn, peer = accept(listener)
            with conn:
                log(name(peer), "到来")
                try:
                    echo(conn)
                    log(name(peer), "离开")
                except OSError as error:  # 一个客户端出错，继续服务下一个
                    log(name(peer), "中断：" + type(error).__name__)


def accept(listener):
    while True:
        try:
            return listener.accept()  # 阻塞，直到有一个已建立的连接
        except OSError as error:  # 例如描述符用完：不退出，客户端在队列里等
            log("暂时不能接受连接：", error.strerror)
            time.sleep(0.2)


def echo(conn):
    while data := conn.recv(1024):                    # b'' 表示对方不会再发送
        conn.sendall(data)  # send 可能只交出一部分，sendall 交完为止


def name(address):
    host, port = address[:2]                          # IPv6 的地址有四项
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:  # 没有人读日志了（| head -1），或者磁盘满了：服务照旧
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="回声服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {options.host}:{options.port}：{error}")
