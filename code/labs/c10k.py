"""实验 c10k 的起点：一个线程，用 select 照看所有人。几十个客户端没有问题。

运行：  python code/labs/c10k.py --port 9000
评测：  python -m iolab.grade c10k -- python code/labs/c10k.py
"""
import argparse
import select
import socket


def main(host="127.0.0.1", port=9000):
    with socket.create_server((host, port)) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        socks = [listener]
        while True:
            for sock in select.select(socks, [], [])[0]:
                if sock is listener:
                    socks.append(listener.accept()[0])
                elif data := receive(sock):
                    sock.sendall(data)
                else:
                    socks.remove(sock)
                    sock.close()


def receive(sock):
    try:
        return sock.recv(65536)
    except OSError:
        return b""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    main(**vars(parser.parse_args()))
