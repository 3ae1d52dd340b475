"""接收 struct_send.py 发来的记录，逐条打印；不合格式的拒绝，并说明原因。

运行：  python code/day5/struct_recv.py --port 9000
局限：  格式对，不等于内容对；谁发来的都收。
"""
import argparse
import socket
import sys

from struct_common import unpack_record


def main(host="127.0.0.1", port=9000):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        print("listening on %s:%d" % sock.getsockname(), flush=True)
        while True:
            data, peer = sock.recvfrom(65535)         # 只收 32 字节，就看不出长的被截断了
            try:
                number, name, score = unpack_record(data)
                print(f"收到 {number} 号 {name!r} {score} 分", flush=True)
            except ValueError as error:               # 一个坏数据报，不影响下一个
                print("拒绝 %s:%d：" % peer + str(error), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="接收记录")
    parser.add_argument("--host", default="127.0.0.1", help="绑定的地址")
    parser.add_argument("--port", type=int, default=9000, help="绑定的端口，0 由内核挑选")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        print("接收方停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能绑定 {options.host}:{options.port}：{error}")
