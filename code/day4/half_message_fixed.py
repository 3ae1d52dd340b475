"""正确：以换行为界（delimiter），没有等到换行就继续收，多收的留给下一条。

运行：  python code/day4/half_message_fixed.py
局限：  消息里不能有换行；从不换行的对方会占满内存，readline(limit) 可以设上限。
"""
import socket


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server = listener.accept()[0]
    with client, server, server.makefile("r", encoding="utf-8") as lines:
        # 网络可以把一次 send 切成任意几段，这里替它切
        for piece in ("{\"用户\": \"小", "明\"}\n"):
            client.sendall(piece.encode())
        print("一条消息：", lines.readline().rstrip())


if __name__ == "__main__":
    main()
