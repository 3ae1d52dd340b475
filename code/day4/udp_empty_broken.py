"""失败：把空数据报当作“对方离开”（像 TCP 那样），任何人发一个就能让服务器停下。

运行：  python code/day4/udp_empty_broken.py
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
        if not data:
            break
        served.append(data.decode())
    return served


if __name__ == "__main__":
    main()
