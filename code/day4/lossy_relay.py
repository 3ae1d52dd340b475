"""会丢失、重复、打乱次序的 UDP 中继：客户端和服务器之间的一段坏网络。

运行：  python code/day4/lossy_relay.py --port 9000 --to 127.0.0.1:9001 --seed 1
局限：  只记得最近的一个客户端；扣下的数据报要等同方向的下一个来了才放行。
"""
import argparse
import os
import random
import signal
import socket
import sys
import time

FATES = {"丢失": 0.2, "重复": 0.15, "扣下": 0.15}              # 其余的照送


def main(host="127.0.0.1", port=9000, to=("127.0.0.1", 9001), seed=1):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill 和 Ctrl-C 一样
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.getaddrinfo(*to, family, socket.SOCK_DGRAM)[0][4]
    with socket.socket(family, socket.SOCK_DGRAM) as relay:
        relay.bind((host, port))
        log("listening on", name(relay.getsockname()))
        going, coming = Road(f"{seed} 去"), Road(f"{seed} 回")
        client = None
        while True:
            data, peer = receive(relay)
            if peer[1] == relay.getsockname()[1]:  # 伪造成我自己的：会转个没完
                continue
            if peer != server:
                client = peer
            road, target = (coming, client) if peer == server else (going, server)
            if target:  # 服务器先说话时，还不知道给谁
                for one in road.carry(data):
                    send(relay, one, target)


class Road:
    """一个方向的路。同样的种子（seed），第 n 个数据报的命运总是一样。"""

    def __init__(self, seed):
        self.random, self.count, self.held = random.Random(seed), 0, []

    def carry(self, data):
        fate = self.choose()
        self.count += 1
        log(f"{self.count} {fate}")
        if fate == "扣下":
            self.held.append(data)
            return []
        copies = {"丢失": 0, "重复": 2}.get(fate, 1)
        held, self.held = self.held, []
        return [data] * copies + held  # 扣下的排到了后来者的后面

    def choose(self):
        point = self.random.random()
        for fate, chance in FATES.items():
            if point < chance:
                return fate
            point -= chance
        return "照送"


def receive(relay):
    while True:
        try:
            return relay.recvfrom(65535)
        except OSError as error:  # 例如内核暂时没有内存：不退出
            log("暂时不能接收：", error.strerror)
            time.sleep(0.2)


def send(relay, data, target):
    try:
        relay.sendto(data, target)
    except OSError as error:      # 没有路、不许发：这一个送不到，继续送下一个
        log(f"送不到 {name(target)}：", error.strerror)


def address(text):
    host, _, port = text.rpartition(":")
    if not 0 < int(port) < 65536:
        raise ValueError(f"没有 {port} 号端口")
    return host.strip("[]"), int(port)


def name(address):
    host, port = address[:2]                                 # IPv6 的地址有四项
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:  # 没有人读日志了（| head -1），或者磁盘满了：照送
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="会丢失、重复、打乱的 UDP 中继")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑")
    parser.add_argument("--to", type=address, default="127.0.0.1:9001",
                        help="服务器，IPv6 写成 [::1]:9001")
    parser.add_argument("--seed", type=int, default=1, help="决定每个数据报的命运")
    options = parser.parse_args()
    try:
        main(options.host, options.port, options.to, options.seed)
    except KeyboardInterrupt:
        log("中继停止")
    except (OSError, OverflowError, UnicodeError) as error:
        where = f"{options.host}:{options.port}"
        sys.exit(f"不能在 {where} 中继到 {options.to[0]}：{error}")
