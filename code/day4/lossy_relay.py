"""会丢失、重复、打乱次序的 UDP 中继：客户端和服务器之间的一段坏网络。

运行：  python code/day4/lossy_relay.py --port 9000 --to 127.0.0.1:9001 --seed 1
局限：  只记得最近的一个客户端；扣下的数据报要等同方向的下一个来了才放行。
"""
import argparse
import random
import socket
import sys

FATES = {"丢失": 0.2, "重复": 0.15, "扣下": 0.15}              # 其余的照送


def main(host="127.0.0.1", port=9000, server=("127.0.0.1", 9001), seed=1):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as relay:
        relay.bind((host, port))
        print("listening on %s:%d" % relay.getsockname(), flush=True)
        going, coming = Road(f"{seed} 去"), Road(f"{seed} 回")
        client = None
        while True:
            data, peer = relay.recvfrom(65535)
            if peer != server:
                client = peer
            road, target = (coming, client) if peer == server else (going, server)
            if target:                                       # 服务器先说话时，还不知道给谁
                for one in road.carry(data):
                    relay.sendto(one, target)


class Road:
    """一个方向的路。同样的种子（seed），第 n 个数据报的命运总是一样。"""

    def __init__(self, seed):
        self.random, self.count, self.held = random.Random(seed), 0, []

    def carry(self, data):
        fate = self.choose()
        self.count += 1
        print(f"{self.count} {fate}", flush=True)
        if fate == "扣下":
            self.held.append(data)
            return []
        copies = {"丢失": 0, "重复": 2}.get(fate, 1)
        held, self.held = self.held, []
        return [data] * copies + held                        # 扣下的排到了后来者的后面

    def choose(self):
        point = self.random.random()
        for fate, chance in FATES.items():
            if point < chance:
                return fate
            point -= chance
        return "照送"


def address(text):
    host, _, port = text.rpartition(":")
    return socket.gethostbyname(host), int(port)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="会丢失、重复、打乱次序的 UDP 中继")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="监听的端口，0 由内核挑选")
    parser.add_argument("--to", type=address, default="127.0.0.1:9001", help="服务器的地址")
    parser.add_argument("--seed", type=int, default=1, help="决定每个数据报命运的种子")
    options = parser.parse_args()
    try:
        main(options.host, options.port, options.to, options.seed)
    except KeyboardInterrupt:
        print("中继停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能在 {options.host}:{options.port} 中继：{error}")
