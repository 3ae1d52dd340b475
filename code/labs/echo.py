"""实验 echo 的起点：只回答一个客户端的一条消息。

运行：  python code/labs/echo.py --port 9000
评测：  python -m iolab.grade echo -- python code/labs/echo.py
"""
import argparse
import socket


def main(host="127.0.0.1", port=9000):
    with socket.create_server((host, port)) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        conn, _ = listener.accept()
        with conn:
            data = conn.recv(1024)
            conn.sendall(data)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    main(**vars(parser.parse_args()))
