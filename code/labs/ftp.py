"""实验 ftp 的起点：只会列出和下载，一次服务一个人；客户端还没有。

运行：  python code/labs/ftp.py --port 9000 --folder .
评测：  python -m iolab.grade ftp -- python code/labs/ftp.py
"""
import argparse
import socket
from pathlib import Path


def serve(port, folder):
    with socket.create_server(("127.0.0.1", port)) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, _ = listener.accept()
            with conn:
                answer(conn, folder)


def answer(conn, folder):
    verb, _, name = conn.recv(1024).decode().strip().partition(" ")
    if verb == "LIST":
        paths = sorted(folder.iterdir())
        conn.sendall(f"OK {len(paths)}\n".encode())
        for path in paths:
            conn.sendall(f"{path.stat().st_size} {path.name}\n".encode())
    elif verb == "GET":
        data = (folder / name).read_bytes()
        conn.sendall(b"OK %d\n" % len(data) + data)


def use(address, folder):
    print("还没有写")                                  # 客户端：list、get 名字、put 名字、quit


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--folder", type=Path, default=".")
    parser.add_argument("--connect", metavar="HOST:PORT", help="做客户端，连接这个服务器")
    options = parser.parse_args()
    if options.connect:
        use(options.connect, options.folder)
    else:
        serve(options.port, options.folder)
