"""失败：把 recv 的结果和 '' 比较，对方离开后循环不会结束。

运行：  python code/day4/recv_empty_broken.py
局限：  真的死循环会占满一个核，所以这里只转 100000 圈。
"""
import socket


def main():
    client, server = connected_pair()
    with client, server:
        client.sendall("再见".encode())
        client.shutdown(socket.SHUT_WR)               # 客户端不再发送
        print("循环了", receive_all(server, limit=100_000), "圈，没有发现对方已经离开")


def receive_all(conn, limit):
    for turn in range(limit):
        data = conn.recv(1024)
        if data == "":                                # bytes 永远不等于 str
            return turn
    return limit


def connected_pair():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        return client, listener.accept()[0]


if __name__ == "__main__":
    main()
