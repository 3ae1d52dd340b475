"""失败：select 看的是内核的缓冲区，已经解开、等在 TLS 层里的数据它看不见。

运行：  python code/day5/tls_pending_broken.py
"""
import select
import socket
import tempfile
import threading

from tls_common import certificate, contexts


def main():
    with tempfile.TemporaryDirectory() as folder:
        server, client = contexts(*certificate(folder))
    near, far = socket.socketpair()
    thread = threading.Thread(target=serve, args=(far, server))
    thread.start()
    with client.wrap_socket(near, server_hostname="localhost") as conn:
        for number in (1, 2):
            text = conn.recv(6).decode() if ready(conn) else "没有可读的"
            print(f"第 {number} 次：", text)
    thread.join()


def serve(conn, context):
    with context.wrap_socket(conn, server_side=True) as conn:
        conn.sendall("一二三四五六".encode())                  # 18 字节，一条记录
        select.select([conn], [], [])                 # 等客户端离开


def ready(conn):
    return bool(select.select([conn], [], [], 1)[0])


if __name__ == "__main__":
    main()
