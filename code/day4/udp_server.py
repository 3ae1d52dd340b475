"""UDP 回声服务器：没有连接，谁发来一个数据报（datagram），就把它发回给谁。

运行：  python code/day4/udp_server.py --port 9000
局限：  不确认、不重发；来源地址写在数据报上，可以伪造。
"""
import argparse
import socket
import sys


def main(host="127.0.0.1", port=9000):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        print("listening on %s:%d" % sock.getsockname(), flush=True)
        while True:
            data, peer = sock.recvfrom(65535)         # 阻塞；比缓冲区长的部分会丢掉，所以给足
            text = data.decode(errors="backslashreplace")
            print("%s:%d 发来" % peer, f"{len(data)} 字节：{text!r}", flush=True)
            try:
                sock.sendto(data, peer)
            except OSError as error:                  # 一个回答发不出去，服务器继续服务下一个
                print("回答没有发出：", error, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="UDP 回声服务器")
    parser.add_argument("--host", default="127.0.0.1", help="绑定的地址")
    parser.add_argument("--port", type=int, default=9000, help="绑定的端口，0 由内核挑选")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        print("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能绑定 {options.host}:{options.port}：{error}")
