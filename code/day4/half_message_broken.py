"""失败：以为一次 recv 就是一条消息；一条长消息分成几次才到（半包）。

运行：  python code/day4/half_message_broken.py
"""
import socket


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server = listener.accept()[0]
    with client, server:
        # 网络可以把一次 send 切成任意几段，这里替它切
        for piece in ("{\"用户\": \"小", "明\"}\n"):
            client.sendall(piece.encode())
            print("一条消息：", receive_message(server))


def receive_message(conn):
    return conn.recv(1024).decode().removesuffix("\n")


if __name__ == "__main__":
    main()
