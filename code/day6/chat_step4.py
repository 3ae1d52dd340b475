"""聊天室第四步：重复的请求不再做，通知有号码，丢了的看得出来。

运行：  python code/day6/chat_step4.py --port 9006
局限：  没有管理员；晚到的旧请求、冒名、终端上的输入，见 chat_server.py。
"""
import argparse
import collections
import contextlib
import signal
import socket
import time

SENT = collections.Counter()                         # 地址 -> 给它发到第几条通知


def main(host="127.0.0.1", port=9006, lease=3.0):
    members = {}                                     # 地址 -> 姓名
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        host, port = sock.getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        print(f"listening on {name}:{port}", flush=True)
        try:
            serve(sock, members, lease)
        finally:
            tell(sock, members, "聊天室关闭了")


def serve(sock, members, lease):
    heard = {}                                       # 地址 -> 最近一次听到它的时刻
    done = {}                                        # 地址 -> 它最近的请求
    sock.settimeout(lease / 6)                       # 没有人说话，也要常常看一看
    while True:
        try:
            data, address = sock.recvfrom(1024)
            if data != done.get(address):            # 重复的不再做，只再答一次
                handle(sock, members, data, address)
        except TimeoutError:
            pass
        except ValueError as error:    # UnicodeDecodeError 也是 ValueError
            send(sock, address, f"ERR {error}")
        else:
            heard[address], done[address] = time.monotonic(), data
            send(sock, address, f"OK {SENT[address]}")
        expire(sock, members, heard, time.monotonic() - lease)
        for address in done.keys() - heard.keys():
            del done[address], SENT[address]


def expire(sock, members, heard, limit):
    for address in list(heard):
        if heard[address] < limit or address not in members:
            del heard[address]
            if name := members.pop(address, None):
                tell(sock, members, f"{name} 退出了聊天室")


def handle(sock, members, data, address):
    verb, _, text = data.decode().partition(" ")
    if verb == "JOIN":
        check_name(text, members)
        members[address] = text
        tell(sock, members, f"{text} 进入了聊天室")
    elif address not in members:
        raise ValueError("还没有加入")
    elif verb == "SAY":
        if not text.isprintable():
            raise ValueError("有看不见的字符")
        _, _, words = text.partition(" ")            # 前面是请求的号码
        tell(sock, members, f"{members[address]}：{words}")
    elif verb == "LEAVE":
        tell(sock, members, f"{members.pop(address)} 退出了聊天室")


def check_name(name, members):
    if not name.isalnum() or len(name) > 12:         # 冒号、空格可以伪造别人的话
        raise ValueError("姓名是 1 到 12 个文字或数字")
    if name in members.values():
        raise ValueError("这个姓名已经有人用了")
    if len(members) == 100:
        raise ValueError("聊天室满了")


def tell(sock, members, line):
    print(line, flush=True)
    for address in members:
        SENT[address] += 1
        send(sock, address, f"MSG {SENT[address]} {line}")


def send(sock, address, line):
    with contextlib.suppress(OSError):               # 一个人发不过去，不影响别人
        sock.sendto(line.encode(), address)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="聊天室")
    parser.add_argument("--host", default="127.0.0.1", help="绑定的地址")
    parser.add_argument("--port", type=int, default=9006, help="0 由内核挑选")
    parser.add_argument("--lease", type=float, default=3.0, help="租约，秒")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):     # 告别已经发过了
        main(**vars(options))
