"""会停住的服务器之二：查价。发来一样东西的名字，去问另一台服务器它的价钱。

运行：  python code/day10/hung_2.py --port 9000
局限：  故意有毛病；另一台服务器也在这个程序里，它只监听，谁来都不理。
"""
import socket

from hung_common import run

UPSTREAM = socket.create_server(("127.0.0.1", 0))


def price(line):
    with socket.create_connection(UPSTREAM.getsockname()) as upstream:
        upstream.sendall(line + b"\n")
        return upstream.recv(100)


if __name__ == "__main__":
    run(price)
