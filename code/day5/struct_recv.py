"""接收 struct_send.py 发来的记录，逐条打印；不合格式的拒绝，并说明原因。

运行：  python code/day5/struct_recv.py --port 9000
局限：  格式对，不等于内容对；谁发来的都收。
"""
import argparse
import os
import signal
import socket
import sys
import time

from struct_common import unpack_record


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
            try:
                number, student, score = unpack_record(data)
                log(f"收到 {number} 号 {student!r} {score} 分")
            except ValueError as error:               # 一个坏数据报，不影响下一个
                log(f"拒绝 {name(peer)}：{error}")


def receive(sock):
    while True:
        try:
            return sock.recvfrom(65535)  # 只收 32 字节，就看不出长的被截断了
        except OSError as error:  # 例如内核暂时没有内存：不退出
            log("暂时不能接收：", error.strerror)
            time.sleep(0.2)


def name(address):
    host, port = address[:2]                          # IPv6 的地址有四项
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:  # 没有人读日志了（| head -1），或者磁盘满了：照收
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="接收记录")
    parser.add_argument("--host", default="127.0.0.1", help="绑定的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        log("接收方停止")
    except (OSError, OverflowError, UnicodeError) as error:
        sys.exit(f"不能绑定 {options.host}:{options.port}：{error}")
