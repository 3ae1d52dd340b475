"""capture.py 的实验室：两台主机、一个路由器，各在自己的网络命名空间（network namespace）里。

     客户端 192.0.2.2 ──(客户端一侧)── 路由器 ──(服务器一侧)── 198.51.100.2 服务器

路由器是下面的 Python 程序：逐帧接收、记录、改写、转发，也可以故意丢失、重复、扣下。
局限：  要 root；只认识 IPv4，网络地址用的是留给文档的网段（RFC 5737）。
"""
import ctypes
import fcntl
import random
import select
import socket
import struct
import subprocess
import threading
import time

CLONE_NEWNET = 0x40000000                 # unshare(2)
SIOCETHTOOL, ETHTOOL_STXCSUM = 0x8946, 0x17
ETH_P_IP = 0x0800
PLACES = ("客户端一侧", "服务器一侧")
ADDRESSES = ("192.0.2.2", "198.51.100.2")
GATEWAYS = ("192.0.2.1", "198.51.100.1")
HOSTS = ("02:00:00:00:00:0c", "02:00:00:00:00:05")       # 客户端、服务器的网卡地址
ROUTER = ("02:00:00:00:01:0c", "02:00:00:00:01:05")      # 路由器两边的网卡地址


class Host(threading.Thread):
    """一台主机：自己的命名空间，一块网卡，一个程序。"""

    def __init__(self, side, program):
        super().__init__(daemon=True)
        self.side, self.program, self.result, self.tid = side, program, None, None
        self.born, self.plugged = threading.Event(), threading.Event()
        self.done, self.released = threading.Event(), threading.Event()

    def run(self):
        new_namespace()
        self.tid = threading.get_native_id()
        self.born.set()
        self.plugged.wait()
        try:
            self.plug_in()
            self.result = self.program()
        finally:
            self.done.set()
        self.released.wait()              # 线程一结束，它的网卡就没有了

    def plug_in(self):
        ip(f"link set eth0 address {HOSTS[self.side]} up")
        ip(f"address add {ADDRESSES[self.side]}/24 dev eth0")
        ip(f"neighbour add {GATEWAYS[self.side]} lladdr {ROUTER[self.side]} dev eth0")
        ip(f"route add default via {GATEWAYS[self.side]}")
        compute_checksums_now("eth0")


def record(client, server, lose=0.0, duplicate=0.0, hold=0.0, seed=1):
    """让两个程序通信，返回 [{"秒", "位置", "方向", "帧"}] 和服务器程序的返回值。"""
    new_namespace()
    hosts = (Host(0, client), Host(1, server))
    ports = []
    for side, host in reversed(list(enumerate(hosts))):       # 服务器先准备好
        host.start()
        host.born.wait()
        ip(f"link add r{side} address {ROUTER[side]} type veth peer name eth0 netns {host.tid}")
        ip(f"link set r{side} up")
        port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
        port.bind((f"r{side}", ETH_P_IP))
        ports.insert(0, port)
    for host in reversed(hosts):
        host.plugged.set()
    begun, log, held = time.monotonic(), [], {0: [], 1: []}
    fates = [random.Random(f"{seed} {side}") for side in (0, 1)]

    def note(side, way, frame):
        log.append({"秒": round(time.monotonic() - begun, 4), "位置": PLACES[side],
                    "方向": "→" if way == 0 else "←", "帧": frame.hex()})

    while not all(host.done.is_set() for host in hosts) or select.select(ports, [], [], 0.2)[0]:
        for port in select.select(ports, [], [], 0.2)[0]:
            way = ports.index(port)                          # 0：客户端发出的，1：服务器发出的
            frame = port.recv(65535)
            note(way, way, frame)
            point = fates[way].random()
            if lose + duplicate <= point < lose + duplicate + hold:
                held[way].append(frame)
                continue
            copies = 0 if point < lose else 2 if point < lose + duplicate else 1
            for one in [frame] * copies + held[way]:
                one = forward(one, way)
                note(1 - way, way, one)
                ports[1 - way].send(one)
            held[way].clear()
    for port in ports:
        port.close()
    for host in hosts:
        host.released.set()
        host.join()
    return log, hosts[1].result


def forward(frame, way):
    """路由器做的事：换上这一段链路的网卡地址，TTL 减一，重算 IP 首部的校验和。"""
    header = bytearray(frame[14:34])
    header[8] -= 1
    header[10:12] = bytes(2)
    header[10:12] = struct.pack("!H", checksum(header))
    link = (HOSTS[1 - way] + ":" + ROUTER[1 - way]).replace(":", "")
    return bytes.fromhex(link) + frame[12:14] + header + frame[34:]


def checksum(data):
    """互联网校验和（RFC 1071）：按 16 位相加，进位加回来，再取反。"""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def compute_checksums_now(card):
    """虚拟网卡常把 TCP 的校验和留给“硬件”去算，抓到的帧里就是半成品；关掉它。"""
    value = ctypes.create_string_buffer(struct.pack("II", ETHTOOL_STXCSUM, 0))
    request = struct.pack("16sP", card.encode(), ctypes.addressof(value))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, SIOCETHTOOL, request + bytes(16))


def new_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, "不能建立网络命名空间，请用 root 运行")


def ip(arguments):
    subprocess.run(["ip", *arguments.split()], check=True)
