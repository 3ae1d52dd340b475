"""谁在：不知道服务在哪里，就问整个组；在的各自回答，像 mDNS 找打印机那样。

运行：  python code/day5/multicast_find.py
局限：  只用回环网卡；问和答都可能丢，没有回答不等于不在。
"""
import socket
import threading
import time

GROUP, LOOPBACK = "239.255.7.3", "127.0.0.1"


def main():
    with service(0) as printer:
        port = printer.getsockname()[1]
        with service(port) as camera, asker() as sock:
            for each, name in ((printer, "打印机"), (camera, "摄像头")):
                threading.Thread(target=answer, args=(each, name)).start()
            sock.sendto("谁在？".encode(), (GROUP, port))
            print("在的有", sorted(answers(sock, seconds=0.5)))


def service(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((GROUP, port))
    member = socket.inet_aton(GROUP) + socket.inet_aton(LOOPBACK)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    return sock


def answer(sock, name):
    question, asker_address = sock.recvfrom(1024)
    if question.decode() == "谁在？":
        with asker() as out:  # 绑定在组上的套接字，不用来回答
            out.sendto(name.encode(), asker_address)  # 单播，只给问的人


def asker():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((LOOPBACK, 0))
    interface = socket.inet_aton(LOOPBACK)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    return sock


def answers(sock, seconds):
    names, end = set(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:  # 总共等这么久，不是每次
        sock.settimeout(left)
        try:
            names.add(sock.recv(1024).decode())
        except TimeoutError:
            break
    return names


if __name__ == "__main__":
    main()
