"""正确：以换行为界（delimiter），没有等到换行就继续收，多收的留给下一条。

运行：  python code/day4/half_message_fixed.py
局限：  消息里不能有换行；从不换行的对方会占满内存，readline(limit) 可以设上限。
"""
import socket
import threading


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server = listener.accept()[0]
    with client, server, server.makefile("rb") as lines:
        # 网络可以把一次 send 切成任意几段，这里替它切，后一段晚些才到
        client.sendall("{\"用户\": \"小".encode())
        later = threading.Timer(0.2, client.sendall, ["明\"}\n".encode()])
        later.start()
        print("一条消息：", receive_message(lines))
        later.join()


def receive_message(lines):
    line = lines.readline()
    if not line:
        return None                                   # 正好在两条消息之间离开
    if not line.endswith(b"\n"):
        raise ConnectionError("对方在一条消息的中间离开")
    return line[:-1].decode()


if __name__ == "__main__":
    main()
