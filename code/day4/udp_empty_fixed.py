"""正确：UDP 没有连接，也就没有“离开”；空数据报只是一个 0 字节的消息。

运行：  python code/day4/udp_empty_fixed.py
局限：  想说“再见”，要在自己的协议里规定一种消息。
"""
import socket


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        with (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger,
              socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client):
            stranger.sendto(b"", server.getsockname())
            client.sendto("你好".encode(), server.getsockname())
        print("服务过的数据报：", serve(server, count=2))


def serve(server, count):
    served = []
    for _ in range(count):
        data, _ = server.recvfrom(65535)
        served.append(data.decode())
    return served


if __name__ == "__main__":
    main()
