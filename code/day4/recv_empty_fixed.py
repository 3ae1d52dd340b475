"""正确：recv 返回 b''（假值）就结束循环。

运行：  python code/day4/recv_empty_fixed.py
局限：  b'' 只说明字节流到此为止，不说明消息完整：对方被 kill -9，
        内核也替它发 FIN。收到 RST 则抛出 ConnectionResetError。
"""
import socket


def main():
    client, server = connected_pair()
    with client, server:
        client.sendall("再见".encode())
        client.shutdown(socket.SHUT_WR)               # 客户端不再发送
        print("循环了", receive_all(server, limit=100_000), "圈，知道对方已经离开")


def receive_all(conn, limit):
    for turn in range(limit):
        data = conn.recv(1024)
        if not data:
            return turn
    return limit


def connected_pair():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        return client, listener.accept()[0]


if __name__ == "__main__":
    main()
