"""一次只服务一个客户端的回声服务器（echo server）。

运行：  python code/day4/tcp_server.py --port 9000
局限：  第二个客户端要等第一个离开。
"""
import argparse
import socket
import sys


def main(host="127.0.0.1", port=9000):
    with socket.create_server((host, port)) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, peer = listener.accept()  # 阻塞，直到有一个已建立的连接
            with conn:
                print("%s:%d 到来" % peer, flush=True)
                try:
                    echo(conn)
                    print("%s:%d 离开" % peer, flush=True)
                except ConnectionError as error:  # 一个客户端出错，继续服务下一个
                    print("%s:%d 中断：" % peer + type(error).__name__, flush=True)


def echo(conn):
    while data := conn.recv(1024):                    # b'' 表示对方不会再发送
        conn.sendall(data)  # send 可能只交出一部分，sendall 交完为止


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="回声服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        print("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {options.host}:{options.port}：{error}")
