"""文件客户端：按提示输入命令，查看、下载、上传文件。

运行：  python code/day9/ftp/ftp_client.py --port 9000
局限：  每个命令用一个新的连接；断了就重新输入命令，从头再传，不会接着上次的位置。
"""
import argparse
import os
import socket
import sys
import time
import unicodedata

from ftp_common import (
    IDLE_LIMIT,
    Refused,
    check_name,
    create_file,
    number,
    open_file,
    printable,
    publish,
    receive_file,
    receive_line,
    send_file,
    send_line,
    sha256,
)

HELP = """命令：
  list            查看文件库里有什么文件
  get 文件名      下载一个文件到当前文件夹
  put 文件        上传一个本地文件
  help            再看一遍这些命令
  quit            离开"""


def main(host="127.0.0.1", port=9000, check=True):
    print(HELP, flush=True)
    failures = 0
    for line in lines():
        verb, _, argument = line.strip().partition(" ")
        if verb in ("quit", "exit"):
            break
        if verb in ("", "help"):
            print(HELP if verb else "请输入命令，help 显示所有命令")
            continue
        try:
            if verb not in COMMANDS:
                raise Refused(f"没有命令 {verb}，help 显示所有命令")
            server = socket.create_connection((host, port), timeout=IDLE_LIMIT)
            with server as conn, conn.makefile("rb") as stream:
                COMMANDS[verb](conn, stream, argument.strip(), check)
        except (Refused, OSError) as error:
            failures += 1
            silent = isinstance(error, TimeoutError)
            print("失败：", "对方没有动静" if silent else error, flush=True)
    return failures


def lines():
    interactive = sys.stdin.isatty()
    while True:
        try:
            line = input("ftp> " if interactive else "")
        except EOFError:
            return
        if not interactive:
            print("ftp>", line)  # 从文件读命令时也留下完整的记录
        yield line


def ask(conn, stream, *words):
    if words:
        send_line(conn, *words)
    reply = receive_line(stream)
    if reply is None:
        raise ConnectionError("服务器离开了")
    verb, _, rest = reply.partition(" ")
    if verb != "OK":
        reason = rest if verb == "ERR" else f"看不懂的回答：{reply}"
        raise Refused(printable(reason))
    return rest


def list_files(conn, stream, argument, check):
    count = number(ask(conn, stream, "LIST"))
    for _ in range(count):
        if (line := receive_line(stream)) is None:
            raise ConnectionError("服务器离开了")
        size, _, name = line.partition(" ")
        print(f"{number(size):>14,} 字节  {printable(name)}")
    print(f"共 {count} 个文件")


def get(conn, stream, name, check):
    check_name(name)
    if os.path.lexists(name):
        raise Refused(f"当前文件夹里已经有 {name}")
    size = number(ask(conn, stream, "GET", name))
    folder = os.open(".", os.O_RDONLY)
    try:
        with create_file(folder, size) as file:
            receive_file(stream, file, size, Progress("下载", name))
            if check:
                with open(f"/proc/self/fd/{file.fileno()}", "rb") as copy:
                    compare(conn, stream, name, size, copy)
            publish(file, folder, name)
    finally:
        os.close(folder)
    print(f"下载完成：{name}，{size} 字节")


def put(conn, stream, path, check):
    # macOS 给出的名字常常是 NFD
    name = unicodedata.normalize("NFC", os.path.basename(path))
    check_name(name)
    file, size = open_file(path)
    with file:
        ask(conn, stream, "PUT", size, name)
        send_file(conn, file, size, Progress("上传", name))
        ask(conn, stream)  # 第二个 OK：服务器收全了，文件可以看见了
        if check:
            file.seek(0)
            compare(conn, stream, name, size, file)
    print(f"上传完成：{name}，{size} 字节")


def compare(conn, stream, name, size, file):
    send_line(conn, "HASH", name)                     # 两边同时计算
    ours = sha256(file)
    conn.settimeout(IDLE_LIMIT + size / 20e6)
    if ask(conn, stream) != ours:
        raise Refused("SHA-256 不一致，文件在传送中变了，请再试一次")
    print("SHA-256", ours, "两边一致")


class Progress:
    """进度条：终端里不断重画，别处只画最后一次。"""

    def __init__(self, verb, name):
        self.verb, self.name = verb, name
        self.begun, self.percent = time.monotonic(), -1
        self.live = sys.stdout.isatty()

    def __call__(self, done, total):
        percent = 100 * done // total
        if percent == self.percent or (percent < 100 and not self.live):
            return
        self.percent = percent
        speed = done / 2**20 / max(time.monotonic() - self.begun, 1e-6)
        start, rate = ("\r", f"  {speed:.0f} MiB/s ") if self.live else ("", "")
        bar = "#" * (percent // 5)
        print(f"{start}{self.verb} {self.name} [{bar:-<20}] {percent:3}%{rate}",
              end="\n" if done == total else "", flush=True)


COMMANDS = {"list": list_files, "get": get, "put": put}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="文件客户端")
    parser.add_argument("--host", default="127.0.0.1", help="服务器的地址")
    parser.add_argument("--port", type=int, default=9000, help="服务器的端口")
    parser.add_argument("--no-check", action="store_true",
                        help="传完不比较 SHA-256")
    options = parser.parse_args()
    # 解不开的字节留给 check_name 拒绝
    sys.stdin.reconfigure(errors="surrogateescape")
    sys.stdout.reconfigure(errors="backslashreplace")  # 终端的编码里没有的字
    try:
        sys.exit(1 if main(options.host, options.port, not options.no_check) else 0)
    except KeyboardInterrupt:
        print("\n客户端停止")
