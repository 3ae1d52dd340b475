"""UDP 回声服务器：没有连接，谁发来一个数据报（datagram），就把它发回给谁。

运行：  python code/day4/udp_server.py --port 9000
局限：  不确认、不重发；来源地址写在数据报上，可以伪造：
        来源写成另一个回声服务器，两个服务器就会互相回答，没完没了。
"""
import argparse
import os
import signal
import socket
import sys
import time


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill 和 Ctrl-C 一样
    if sys.stdout:  # 终端的编码里没有的字，写成 \u…
        sys.stdout.reconfigure(errors="backslashreplace")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        log("listening on", name(sock.getsockname()))
        while True:
            data, peer = receive(sock)
            text = data.decode(errors="backslashreplace")
            log(name(peer), f"发来 {len(data)} 字节：{text!r}")
            if peer[1] == sock.getsockname()[1]:
                log("来源的端口和我的一样，像是我自己：不回答")
                continue
            try:
                sock.sendto(data, peer)
            except OSError as error:  # 一个回答发不出去，继续服务下一个
                log("回答没有发出：", error)


def receive(sock):
    while True:
        try:
            return sock.recvfrom(65535)  # 阻塞；放不下的部分会丢掉，所以给足
        except OSError as error:  # 例如内核暂时没有内存：不退出
            log("暂时不能接收：", error.strerror)
            time.sleep(0.2)


def name(address):
    host, port = address[:2]                          # IPv6 的地址有四项
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:  # 没有人读日志了（| head -1），或者磁盘满了：服务照旧
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="UDP 回声服务器")
    parser.add_argument("--host", default="127.0.0.1", help="绑定的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError, UnicodeError) as error:
        sys.exit(f"不能绑定 {options.host}:{options.port}：{error}")
