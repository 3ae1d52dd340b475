"""实验 framing 的起点：按长度前缀读，但是只认整整齐齐的一条。

运行：  python code/labs/framing.py --port 9000 --framing length
评测：  python -m iolab.grade framing -- python code/labs/framing.py
"""
import argparse
import socket


def main(host="127.0.0.1", port=9000, framing="length"):
    with socket.create_server((host, port)) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, _ = listener.accept()
            with conn:
                serve(conn)


def serve(conn):
    while data := conn.recv(65536):
        text = data[4:].decode()                      # 前 4 个字节是长度，这里没有看它
        body = text[::-1].encode()
        conn.sendall(len(body).to_bytes(4, "big") + body)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--framing", choices=("length", "lines"), default="length")
    main(**vars(parser.parse_args()))
