"""路上看得见什么：中间有人把经过的字节抄一份，先是 TCP，再是 TLS。

运行：  python code/day5/tls_wire.py
局限：  只看内容；谁和谁、什么时候、多少字节，TLS 也藏不住。
"""
import select
import socket
import tempfile
import threading

from tls_common import certificate, contexts

KINDS = {20: "占位", 21: "告警", 22: "握手", 23: "密文"}


def main():
    with tempfile.TemporaryDirectory() as folder:
        server, client = contexts(*certificate(folder))
    copied = overhear(lambda conn: conn, lambda conn: conn)
    print("TCP：口令", visible(b"s3cret", copied))
    copied = overhear(
        lambda conn: server.wrap_socket(conn, server_side=True),
        lambda conn: client.wrap_socket(conn, server_hostname="localhost"))
    print("TLS：口令", visible(b"s3cret", copied), end=" ")
    print("，主机名", visible(b"localhost", copied))
    print("客户端发出的记录：", " ".join(records(copied)))


def visible(word, data):
    return "看得见" if word in data else "看不见"


def overhear(for_server, for_client):
    left, relay_left = socket.socketpair()
    relay_right, right = socket.socketpair()
    copied = bytearray()
    between = relay_left, relay_right, copied
    threads = [threading.Thread(target=relay, args=between),
               threading.Thread(target=serve, args=(right, for_server))]
    for thread in threads:
        thread.start()
    with for_client(left) as conn:
        conn.sendall("我的口令是 s3cret".encode())
        conn.recv(100)
    for thread in threads:
        thread.join()
    return bytes(copied)


def serve(conn, for_server):
    with for_server(conn) as conn:
        conn.recv(100)
        conn.sendall(b"ok")


def relay(left, right, copied):
    with left, right:
        while True:
            for conn in select.select([left, right], [], [])[0]:
                data = conn.recv(65536)
                if not data:
                    return
                if conn is left:                      # 只抄客户端发出的
                    copied += data
                (right if conn is left else left).sendall(data)


def records(data):
    while data:
        yield KINDS[data[0]]  # 一条记录：类型、版本、长度、内容
        data = data[5 + int.from_bytes(data[3:5]):]


if __name__ == "__main__":
    main()
