"""实验 http 的起点：一个连接只答一个 GET，路径当作文件名。

运行：  python code/labs/http.py --port 9000 --folder .
评测：  python -m iolab.grade http -- python code/labs/http.py
"""
import argparse
import socket
from pathlib import Path


def main(host="127.0.0.1", port=9000, folder="."):
    with socket.create_server((host, port)) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, _ = listener.accept()
            with conn:
                serve(conn, Path(folder))


def serve(conn, folder):
    request = conn.recv(65536).decode()
    path = request.split("\r\n")[0].split(" ")[1]
    text = (folder / path[1:]).read_text()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n"
    conn.sendall((head + text).encode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--folder", default=".")
    main(**vars(parser.parse_args()))
