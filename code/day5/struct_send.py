"""把输入的每一行“编号 姓名 成绩”打包成一条记录，用 UDP 发出。

运行：  python code/day5/struct_send.py --port 9000      （Ctrl-D 结束）
局限：  UDP 不保证送到。
"""
import argparse
import os
import signal
import socket
import sys

from struct_common import pack_record


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill 和 Ctrl-C 一样
    for stream in (sys.stdin, sys.stdout):  # 终端的编码里没有的字，写成 \u…
        stream.reconfigure(errors="backslashreplace")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        for line in sys.stdin:
            try:
                number, name, score = line.split()
                record = pack_record(int(number), name, float(score))
            except ValueError as error:
                say(f"没有发送 {line.strip()!r}：{error}")
                continue
            sock.sendto(record, (host, port))
            say("发出", record.hex(" ", 4))


def say(*words):
    try:
        print(*words, flush=True)
    except OSError:  # 没有人看了（| head -1）：安静地结束
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="发送记录")
    parser.add_argument("--host", default="127.0.0.1", help="接收方的地址")
    parser.add_argument("--port", type=int, default=9000, help="接收方的端口")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        say("发送方停止")
    except (OSError, OverflowError, UnicodeError) as error:
        sys.exit(f"发往 {options.host}:{options.port} 失败：{error}")
