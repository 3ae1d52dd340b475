"""修好：绑定组的地址，别的组的数据报内核就不交过来。

运行：  python code/day5/multicast_bind_fixed.py
局限：  Windows 不能这样绑定，要自己看目的地址；这里只用回环网卡。
"""
import socket

LOOPBACK = socket.inet_aton("127.0.0.1")
WEATHER, STOCKS = "239.255.7.1", "239.255.7.2"


def main():
    with receiver(WEATHER, 0) as weather:
        port = weather.getsockname()[1]
        with receiver(STOCKS, port), sender() as out:  # 另一个程序，加入另一个组
            out.sendto("晴".encode(), (WEATHER, port))
            out.sendto("股票涨了".encode(), (STOCKS, port))
        print("天气的程序收到：", received(weather))


def receiver(group, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((group, port))  # 在 Linux 上
    member = socket.inet_aton(group) + LOOPBACK
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    return sock


def sender():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, LOOPBACK)
    return sock


def received(sock):
    texts = []
    sock.settimeout(0.2)
    try:
        while True:
            texts.append(sock.recv(1024).decode())
    except TimeoutError:
        return texts


if __name__ == "__main__":
    main()
