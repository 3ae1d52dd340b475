"""把真实通信的每一帧录下来，写成 JSON：好的网络上三次，坏的网络上 TCP、UDP 各一次。

运行：  python code/day4/capture.py > book/traces/frames.json      （要 root 和 ip 命令）
局限：  路由器是 Python 程序，比真的慢；坏网络的丢失比例远高于常见的网络。
"""
import json
import platform
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import capture_common

SERVER = ("198.51.100.2", 9000)
MESSAGES = [f"第 {number:02} 条\n" for number in range(1, 21)]
BAD = {"lose": 0.15, "duplicate": 0.15, "hold": 0.2, "seed": 4}
REASONS = ("TCPTimeouts", "TCPLossProbes", "TCPFastRetrans")
listening = threading.Event()
resent = {}                                                  # 客户端的内核为什么重发


def main():
    talk, _ = record(greet, answer)
    quick, _ = record(hang_up, hang_up_too)
    long, _ = record(send_long, receive_long)
    tcp, tcp_received = record(send_stream, receive_stream, **BAD)
    udp, udp_received = record(send_datagrams, receive_datagrams, **BAD)
    print(json.dumps({
        "title": "客户端和服务器之间的帧，在路由器两侧各录一份",
        "kernel": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "command": "python code/day4/capture.py > book/traces/frames.json",
        "发出": MESSAGES, "问候": talk, "马上关闭": quick, "长数据报": long,
        "TCP": tcp, "TCP 重发": resent, "TCP 收到": tcp_received, "UDP": udp, "UDP 收到": udp_received,
    }, ensure_ascii=False, indent=0))


def record(client, server, **bad):
    """在一个新线程里录，路由器的命名空间随线程消失。"""
    listening.clear()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(capture_common.record, client, server, **bad).result()


def greet():
    listening.wait()
    with socket.create_connection(SERVER) as conn:           # 三次握手
        conn.sendall("你好".encode())
        conn.recv(100)
        conn.shutdown(socket.SHUT_WR)                        # 主动关闭：发出 FIN
        while conn.recv(100):
            pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto("你好".encode(), SERVER)


def answer():
    with socket.create_server(SERVER) as listener, socket.socket(type=socket.SOCK_DGRAM) as s:
        s.bind(SERVER)
        listening.set()
        conn, _ = listener.accept()
        with conn:
            conn.sendall(conn.recv(100) + b"!")
            conn.recv(100)                                   # b''：对方的 FIN 到了
            time.sleep(0.3)                                  # 被动方过一会儿才关闭
        return s.recv(100).decode()


def hang_up():
    listening.wait()
    with socket.create_connection(SERVER) as conn:
        conn.sendall(b"?")
        conn.recv(100)
        conn.shutdown(socket.SHUT_WR)
        conn.recv(100)


def hang_up_too():
    with socket.create_server(SERVER) as listener:
        listening.set()
        conn, _ = listener.accept()
        with conn:
            conn.sendall(conn.recv(100))
            conn.recv(100)                                   # b''，然后立刻关闭


def send_long():
    listening.wait()
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        for size in (1472, 1473):                            # 1500 减去两个首部，再多一个
            s.sendto(b"x" * size, SERVER)


def receive_long():
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        s.bind(SERVER)
        listening.set()
        return [len(s.recv(2000)) for _ in range(2)]


def send_stream():
    listening.wait()
    with socket.create_connection(SERVER) as conn:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for message in MESSAGES:
            conn.sendall(message.encode())
            time.sleep(0.01)
        conn.shutdown(socket.SHUT_WR)
        conn.recv(1)
    resent.update(counters())


def counters():
    """这个命名空间里 TCP 的计数，proc_pid_net(5)。"""
    names, values = Path("/proc/thread-self/net/netstat").read_text().splitlines()[:2]
    counts = dict(zip(names.split(), values.split(), strict=True))
    return {name: int(counts[name]) for name in REASONS}


def receive_stream():
    with socket.create_server(SERVER) as listener:
        listening.set()
        conn, _ = listener.accept()
        with conn, conn.makefile(encoding="utf-8") as lines:
            return list(lines)


def send_datagrams():
    listening.wait()
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        for message in MESSAGES:
            s.sendto(message.encode(), SERVER)
            time.sleep(0.01)


def receive_datagrams():
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        s.bind(SERVER)
        s.settimeout(1)
        listening.set()
        received = []
        try:
            while True:
                received.append(s.recv(100).decode())
        except TimeoutError:
            return received


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"录不了：{error}")
