"""实验 reliable 的起点：每条消息发一遍，收到什么印什么。网络好的时候，看上去没有问题。

运行：  python code/labs/reliable.py --port 9000      另开一个终端：  python code/labs/reliable.py --to 127.0.0.1:9000
评测：  python -m iolab.grade reliable -- python code/labs/reliable.py
"""
import argparse
import socket
import sys


def receive(port):
    with socket.socket(type=socket.SOCK_DGRAM) as here:
        here.bind(("127.0.0.1", port))
        print("listening on %s:%d" % here.getsockname(), flush=True)
        while True:
            message = here.recv(65535)
            print(message.decode(), flush=True)


def send(host, port):
    with socket.socket(type=socket.SOCK_DGRAM) as here:
        for line in sys.stdin:
            here.sendto(line.strip().encode(), (host, port))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, help="收：在这个端口")
    parser.add_argument("--to", metavar="HOST:PORT", help="发：到这个地址")
    options = parser.parse_args()
    if options.to:
        host, _, port = options.to.rpartition(":")
        send(host, int(port))
    else:
        receive(options.port)
