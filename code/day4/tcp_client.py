"""回声客户端：把输入的每一行发给服务器，打印收到的回答。

运行：  python code/day4/tcp_client.py --port 9000      （Ctrl-D 结束）
局限：  等回答时不能输入；一行几 MB 会停住，见 both_send_broken.py。
"""
import argparse
import os
import signal
import socket
import sys


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill 和 Ctrl-C 一样
    for stream in (sys.stdin, sys.stdout):
        # 终端的编码里没有的字，写成 \u…
        stream.reconfigure(errors="backslashreplace")
    with socket.create_connection((host, port)) as conn:  # 内核完成三次握手后返回
        for line in sys.stdin:
            data = line.rstrip("\n").encode()
            conn.sendall(data)
            say("收到", printable(receive_exactly(conn, len(data))))
    say("连接关闭")


def receive_exactly(conn, size):
    data = b""
    while len(data) < size:  # 一次 recv 不一定拿到全部
        piece = conn.recv(size - len(data))
        if not piece:
            raise ConnectionError(f"对方离开了，只收到 {len(data)}/{size} 字节")
        data += piece
    return data


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
    parser = argparse.ArgumentParser(description="回声客户端")
    parser.add_argument("--host", default="127.0.0.1", help="服务器的地址")
    parser.add_argument("--port", type=int, default=9000, help="服务器的端口")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        say("客户端停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"和 {options.host}:{options.port} 的通信失败：{error}")
