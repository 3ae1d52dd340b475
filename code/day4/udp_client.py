"""UDP 客户端：把输入的每一行作为一个数据报发出，打印收到的回答。

运行：  python code/day4/udp_client.py --port 9000      （Ctrl-D 结束）
局限：  迟到的回答会被当成下一行的回答；谁发来的都收，见 udp_wait_fixed.py。
"""
import argparse
import os
import signal
import socket
import sys


def main(host="127.0.0.1", port=9000, timeout=2.0):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill 和 Ctrl-C 一样
    for stream in (sys.stdin, sys.stdout):  # 终端的编码里没有的字，写成 \u…
        stream.reconfigure(errors="backslashreplace")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)                      # 回答可能丢失，不能一直等
        for line in sys.stdin:
            sock.sendto(line.rstrip("\n").encode(), (host, port))
            try:
                data, _ = sock.recvfrom(65535)
                say("收到", printable(data))
            except TimeoutError:  # 丢了、没人在、还在路上：分不清
                say(f"{timeout} 秒内没有回答")
    say("客户端结束")


def printable(data):
    text = data.decode(errors="backslashreplace")
    # 对方发来的控制字符不能交给终端
    return text if text.isprintable() else repr(text)


def say(*words):
    try:
        print(*words, flush=True)
    except OSError:  # 没有人看了（| head -1）：安静地结束
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="UDP 客户端")
    parser.add_argument("--host", default="127.0.0.1", help="服务器的地址")
    parser.add_argument("--port", type=int, default=9000, help="服务器的端口")
    parser.add_argument("--timeout", type=float, default=2.0, help="等几秒")
    options = parser.parse_args()
    try:
        main(options.host, options.port, options.timeout)
    except KeyboardInterrupt:
        say("客户端停止")
    except (OSError, OverflowError, ValueError) as error:
        sys.exit(f"和 {options.host}:{options.port} 的通信失败：{error}")
