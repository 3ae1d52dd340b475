"""聊天室第二步：不合规矩的数据报得到一个回答，只给它自己，聊天室照常。

运行：  python code/day6/chat_step2.py --port 9006
局限：  不告而别的人永远在名单里，见 chat_step3.py。
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
        try:
            handle(sock, members, data, address)
        except ValueError as error:    # UnicodeDecodeError 也是 ValueError
            send(sock, address, f"ERR {error}")


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
        tell(sock, members, f"{members[address]}：{text}")
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
        send(sock, address, line)


def send(sock, address, line):
    with contextlib.suppress(OSError):               # 一个人发不过去，不影响别人
        sock.sendto(line.encode(), address)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="聊天室")
    parser.add_argument("--host", default="127.0.0.1", help="绑定的地址")
    parser.add_argument("--port", type=int, default=9006, help="0 由内核挑选")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):     # 告别已经发过了
        main(**vars(options))
