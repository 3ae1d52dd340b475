"""自己抓包：录下一次问候的每一帧，打印出来，也存成 tcpdump 能打开的文件。

运行：  python code/day4/sniff.py [文件.pcap]
局限：  要 root，或者系统允许普通用户建立命名空间（namespace）；只认识 IPv4。
"""
import ctypes
import fcntl
import socket
import struct
import sys
import threading
import time

ETH_P_ALL, ETH_P_IP = 0x0003, 0x0800
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000      # unshare(2)
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1                        # netdevice(7)
FLAGS = {0x02: "S", 0x01: "F", 0x04: "R", 0x08: "P", 0x10: "."}


def main(path="talk.pcap"):
    with open_tap() as tap, socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        talking = threading.Thread(target=talk, args=(listener,))
        talking.start()
        frames = list(capture(tap, port))
        talking.join()
    save(frames, path)
    start = {}                                            # 序号从各自的起始序号数起
    for _, frame in frames:
        print(describe(frame, port, start))


def open_tap():
    # 自己建一个网络，里面只有一个回环接口，在那里自己就是 root；建不了，就录大家的
    alone = ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    if alone:
        fcntl.ioctl(tap, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    tap.bind(("lo", 0))
    tap.settimeout(10)
    return tap


def talk(listener):
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    with server:
        with client:
            client.sendall("你好".encode())
            server.recv(100)
        server.recv(100)                                  # b''：客户端先关


def capture(tap, port):
    """这个端口的每一帧和它的时刻，到第二个 FIN 的确认为止。"""
    fins, deadline = 0, time.monotonic() + 10
    while time.monotonic() < deadline:
        frame, (_, kind, way, *_) = tap.recvfrom(65535)
        if way == socket.PACKET_OUTGOING:                 # 出去、进来各见一次
            continue
        if kind == ETH_P_IP and port in struct.unpack("!HH", frame[34:38]):
            yield time.time(), frame
            if fins == 2:
                return
            fins += frame[47] & 1
    raise TimeoutError("10 秒还没有录全")


def save(frames, path):
    with open(path, "wb") as f:
        # 魔数、版本 2.4、两个 0、一帧最多录多长、链路类型（1：以太网）
        f.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for when, frame in frames:
            second, part = divmod(int(when * 1_000_000), 1_000_000)
            f.write(struct.pack("=IIII", second, part, len(frame), len(frame)))
            f.write(frame)


def describe(frame, port, start):
    source, target, seq, ack, offset, bits = struct.unpack("!HHIIBB", frame[34:48])
    start.setdefault(source, seq)
    flags = "".join(mark for bit, mark in FLAGS.items() if bits & bit)
    size = int.from_bytes(frame[16:18], "big") - 20 - (offset >> 4) * 4
    way = "服务器 > 客户端" if source == port else "客户端 > 服务器"
    known = f"，ack {ack - start[target]}" if bits & 0x10 else ""
    return f"{way}  [{flags}]  seq {seq - start[source]}{known}，数据 {size} 字节"


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"抓不了：{error}")
