"""失败：accept 的循环里握手，一个连上来不说话的客户端，就让所有人等着。

运行：  python code/day5/tls_silent_broken.py
"""
import contextlib
import socket
import tempfile
import threading

from tls_common import certificate, contexts


def main():
    with tempfile.TemporaryDirectory() as folder:
        server, client = contexts(*certificate(folder))
    with (socket.create_server(("127.0.0.1", 0)) as listener,
          socket.create_connection(listener.getsockname())):  # 连上，一声不响
        args = listener, server
        threading.Thread(target=serve, args=args, daemon=True).start()
        print("正常的客户端：", ask(listener.getsockname(), client))


def ask(address, context):
    try:
        with (socket.create_connection(address, timeout=1) as conn,
              context.wrap_socket(conn, server_hostname="localhost") as conn):
            return conn.recv(100).decode()
    except TimeoutError:
        return "等了 1 秒，没有回答"


def serve(listener, context):
    with contextlib.suppress(OSError):                # 监听套接字关闭了
        while True:
            conn, _ = listener.accept()
            greet(conn, context)


def greet(conn, context):
    try:
        # 握手：等对方先说话
        with context.wrap_socket(conn, server_side=True) as conn:
            conn.sendall("你好".encode())
    except OSError:                                   # 只影响这一个客户端
        conn.close()


if __name__ == "__main__":
    main()
