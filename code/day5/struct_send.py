"""把输入的每一行“编号 姓名 成绩”打包成一条记录，用 UDP 发出。

运行：  python code/day5/struct_send.py --port 9000      （Ctrl-D 结束）
局限：  UDP 不保证送到。
"""
import argparse
import socket
import sys

from struct_common import pack_record


def main(host="127.0.0.1", port=9000):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for line in sys.stdin:
            try:
                number, name, score = line.split()
                record = pack_record(int(number), name, float(score))
            except ValueError as error:
                print(f"没有发送 {line.strip()!r}：{error}", flush=True)
                continue
            sock.sendto(record, (host, port))
            print("发出", record.hex(" ", 4), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="发送记录")
    parser.add_argument("--host", default="127.0.0.1", help="接收方的地址")
    parser.add_argument("--port", type=int, default=9000, help="接收方的端口")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        print("发送方停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"发往 {options.host}:{options.port} 失败：{error}")
