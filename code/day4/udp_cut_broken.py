"""失败：以为没收完的字节留给下一次 recvfrom（像 TCP 那样），长消息的后半截丢了。

运行：  python code/day4/udp_cut_broken.py
"""
import socket


def main():
    with (open_receiver() as receiver,
          socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client):
        for message in ("转账 10000 元", "余额"):
            client.sendto(message.encode(), receiver.getsockname())
        for _ in range(2):
            print("收到：", receive(receiver))


def open_receiver():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    return sock


def receive(sock):
    data, _ = sock.recvfrom(10)
    return data.decode()


if __name__ == "__main__":
    main()
