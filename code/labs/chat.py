"""实验 chat 的起点：一个人一个线程，还没有人听得见别人。

运行：  python code/labs/chat.py --port 9000
评测：  python -m iolab.grade chat -- python code/labs/chat.py
"""
import argparse
import socket
import threading

members = {}                                          # 姓名 → 连接


def main(host="127.0.0.1", port=9000):
    with socket.create_server((host, port)) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=serve, args=(conn,), daemon=True).start()


def serve(conn):
    with conn:
        name = conn.recv(1024).decode().strip()
        members[name] = conn
        conn.sendall(b"OK\n")
        while text := conn.recv(1024).decode().strip():
            print(name, "：", text, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    main(**vars(parser.parse_args()))
