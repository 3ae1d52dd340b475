"""聊天室第一步：谁发来一句，就转给所有人。

运行：  python code/day6/chat_step1.py --port 9006
局限：  相信每一个数据报；一个乱发的人就能使它停下，见 chat_step2.py。
"""
import argparse
import contextlib
import signal
import socket


def main(host="127.0.0.1", port=9006):
    members = {}                                     # 地址 -> 姓名
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        host, port = sock.getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        print(f"listening on {name}:{port}", flush=True)
        try:
            serve(sock, members)
        finally:
            tell(sock, members, "聊天室关闭了")


def serve(sock, members):
    while True:
        data, address = sock.recvfrom(1024)          # 阻塞，直到有人发来一句
        handle(sock, members, data, address)


def handle(sock, members, data, address):
    verb, _, text = data.decode().partition(" ")
    if verb == "JOIN":
        members[address] = text
        tell(sock, members, f"{text} 进入了聊天室")
    elif verb == "SAY":
        tell(sock, members, f"{members[address]}：{text}")
    elif verb == "LEAVE":
        tell(sock, members, f"{members.pop(address)} 退出了聊天室")


def tell(sock, members, line):
    print(line, flush=True)
    for address in members:
        sock.sendto(line.encode(), address)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="聊天室")
    parser.add_argument("--host", default="127.0.0.1", help="绑定的地址")
    parser.add_argument("--port", type=int, default=9006, help="0 由内核挑选")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):     # 告别已经发过了
        main(**vars(options))
