"""正确：缓冲区给足，并检查 MSG_TRUNC，截断的数据报不当作消息。

运行：  python code/day4/udp_cut_fixed.py
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


def receive(sock, size=65535):
    data, _, flags, _ = sock.recvmsg(size)
    if flags & socket.MSG_TRUNC:  # 内核说：这个数据报没有全部交给你
        raise ValueError(f"数据报比 {size} 字节长")
    return data.decode()


if __name__ == "__main__":
    main()
