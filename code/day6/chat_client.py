"""群聊聊天室的客户端：输入的第一行是姓名，以后每一行是一条消息。

运行：  python code/day6/chat_client.py --port 9006      （Ctrl-D 或 Ctrl-C 离开）
局限：  一条消息得到确认之后才发下一条；只会简单的行编辑（退格、Ctrl-U）。
"""
import argparse
import codecs
import collections
import contextlib
import os
import re
import select
import signal
import socket
import sys
import termios
import time
import tty
import unicodedata

from chat_common import LIMIT, pack, printable, unpack

RESEND = 0.5                                          # 多少秒没有回答就重发
PATIENCE = 4.0    # 问了多少秒没有任何回答，就当服务器不在了
KEY_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.)?")    # 方向键等


def main(host="127.0.0.1", port=9006, name=None):
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    screen = Screen(interactive)
    keys = key_by_key(interactive, screen.draw)
    with socket.socket(family, socket.SOCK_DGRAM) as sock, keys:
        sock.connect((host, port))                    # 从此只收这一个地址的数据报
        client = Client(sock, screen, name)
        try:
            while not client.ended:
                client.turn()
        finally:    # Ctrl-C、kill、关掉终端，都要告别
            if client.joined and not client.ended:
                client.ask(pack("LEAVE", client.number + 1))
    if not client.joined:
        sys.exit("没有加入聊天室")


class Client:
    """一个请求发出去，得到回答才发下一个，没有回答就重发；通知随时会来。"""

    def __init__(self, sock, screen, name):
        self.sock, self.screen = sock, screen
        self.lines = collections.deque([name] if name else [])    # 还没有发的输入
        self.number, self.verb, self.request = 0, None, None      # 正在等回答的请求
        self.joined = self.input_ended = self.ended = False
        self.seen = 0                                 # 看到第几条通知
        self.beat_every, self.beat_at = None, 0
        self.resend_at = 0
        self.asked_at = None                          # 还没有回答的第一问
        screen.ask("" if name else "姓名：")

    def turn(self):
        self.next_request()
        if self.ended:
            return
        sources = [self.sock]
        if not self.input_ended and len(self.lines) < 100:
            sources.append(0)
        # 阻塞：键盘、网络，哪个先来都行
        ready, _, _ = select.select(sources, [], [], self.patience())
        if not ready:    # 刚被停过的话，过了期限的 select 没有再看一眼
            ready, _, _ = select.select(sources, [], [], 0)
        if 0 in ready:
            lines, self.input_ended = self.screen.feed(os.read(0, 4096))
            self.lines += lines
        understood = self.sock in ready and self.receive()
        self.keep_in_touch(silent=not understood)

    def next_request(self):
        while self.lines and not self.request:
            line = self.lines.popleft()
            if line.strip() or not self.joined:
                self.start("SAY" if self.joined else "JOIN", line)
        if self.input_ended and not self.request:
            if self.joined:
                self.start("LEAVE")
            else:
                self.ended = True

    def start(self, verb, text=""):
        request = pack(verb, self.number + 1, text)
        if len(request) > LIMIT:
            self.screen.show(f"（没有发出：超过 {LIMIT} 字节）")
            return
        self.number, self.verb, self.request = self.number + 1, verb, request
        self.resend_at = 0

    def keep_in_touch(self, silent):
        now = time.monotonic()
        if silent and self.asked_at and now - self.asked_at > PATIENCE:
            raise ConnectionError(f"服务器 {PATIENCE:.0f} 秒没有回应")
        if self.request and now >= self.resend_at:
            self.resend_at = now + RESEND
            self.ask(self.request)
        if self.joined and now >= self.beat_at:
            self.beat_at = now + self.beat_every
            self.ask(pack("BEAT", 0))

    def patience(self):
        alarms = [self.resend_at] if self.request else []
        alarms += [self.beat_at] if self.joined else []
        return max(0, min(alarms) - time.monotonic()) if alarms else None

    def receive(self):
        """处理一个数据报；返回它是不是聊天室会说的话：那个端口上可能是别的程序。"""
        try:
            verb, number, text = unpack(self.sock.recv(65536))
            if verb == "OK":
                joining = self.verb == "JOIN" and number
                text = lease(text) if joining else count(text)
        except ValueError:
            return False
        if verb not in ("OK", "ERR", "MSG", "BYE"):
            return False
        self.asked_at = None
        if verb == "MSG":
            self.notice(number, text)
        elif verb == "OK" and number == 0:            # 心跳的回答
            self.sent_up_to(text)
        elif verb == "BYE":
            self.screen.show(f"（{text}）")
            self.ended = True
        elif verb in ("OK", "ERR") and number == self.number and self.request:
            self.answered(verb, text)
        elif verb == "ERR" and number == 0 and self.verb == "LEAVE":
            pass    # 已经走了，那个回答丢了；LEAVE 会重发，它的回答里有序号
        elif verb == "ERR" and number == 0 and self.joined:
            self.joined = False
            raise ConnectionError("太久没有联系，已经被移出聊天室")
        return True

    def answered(self, verb, text):
        self.request = None
        if verb == "OK" and self.verb != "JOIN":
            self.sent_up_to(text)
        if self.verb == "LEAVE":
            self.ended = True
        elif verb == "ERR":
            more = "" if self.joined else "，请换一个"
            self.screen.show(f"（{text}{more}）")
            self.screen.ask("> " if self.joined else "姓名：")
        elif self.verb == "JOIN":
            self.joined, self.beat_every = True, min(1.0, text / 4)
            self.screen.ask("> ")
            self.screen.show("（你进入了聊天室）")

    def notice(self, number, text):
        if number > self.seen:                        # 否则是重复的数据报
            self.sent_up_to(number - 1)
            self.seen = number
            self.screen.show(text)

    def sent_up_to(self, number):
        if number > self.seen:                        # 服务器发过的通知，有的没有到
            self.screen.show(f"（丢失了 {number - self.seen} 条消息）")
            self.seen = number

    def ask(self, message):
        self.asked_at = self.asked_at or time.monotonic()
        self.sock.send(message)


def count(text):
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValueError("不是序号")
    return int(text)


def lease(text):
    """租约的秒数。太短的（或者 nan），会使我们没完没了地发心跳。"""
    if not 0.1 <= (seconds := float(text)) <= 86400:
        raise ValueError("不是租约")
    return seconds


class Screen:
    """键盘和屏幕。在终端里自己管正在输入的一行：消息来了先擦掉，打印，再画回。"""

    def __init__(self, interactive):
        self.interactive, self.prompt, self.typed = interactive, "", ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def ask(self, prompt):
        self.prompt = prompt
        self.draw()

    def show(self, line):
        if self.interactive:
            self.write("\r\x1b[K")                    # 回到行首，擦掉这一行
        self.write(printable(line) + "\n")
        self.draw()

    def draw(self):
        if self.interactive:
            typed = fitting(self.typed, len(self.prompt.encode()))
            self.write("\r\x1b[K" + self.prompt + typed)

    def feed(self, data):
        """键盘来的字节 -> (完整的行的列表, 输入是不是结束了)。"""
        text = self.decoder.decode(data, final=not data)
        if not self.interactive:
            *lines, self.typed = (self.typed + text).split("\n")
            if not data and self.typed:               # 最后一行没有换行
                lines, self.typed = [self.typed], ""
            return [line.removesuffix("\r") for line in lines], not data
        lines = []
        for key in KEY_SEQUENCE.sub("", text):
            if key in "\r\n":
                self.draw()
                self.write("\n")
                lines.append(self.typed)
                self.typed = ""
            elif key in "\x7f\b":
                self.typed = self.typed[:-1]
            elif key == "\x15":                       # Ctrl-U
                self.typed = ""
            elif key == "\x04" and not self.typed:    # Ctrl-D
                return lines, True
            elif unicodedata.category(key) != "Cc":
                self.typed += key
        self.draw()
        return lines, not data

    def write(self, text):
        sys.stdout.write(text)
        sys.stdout.flush()


def fitting(text, used):
    """text 的结尾，长度在一行里放得下（一个汉字占两格）。"""
    room = (os.get_terminal_size().columns or 80) - used - 1
    for start in range(len(text), -1, -1):
        wide = start and unicodedata.east_asian_width(text[start - 1]) in "WF"
        room -= 2 if wide else 1
        if room < 0:
            return text[start:]
    return text


@contextlib.contextmanager
def key_by_key(interactive, draw):
    """终端一个键一个键地交出输入、自己不回显；离开时恢复原样。"""
    if not interactive:
        yield
        return

    def begin(*_):
        # 终端已经关掉；或者信号打断的正是一次 print，它接着会写完
        with contextlib.suppress(termios.error, OSError, RuntimeError):
            if os.tcgetpgrp(0) == os.getpgrp():    # 在后台改终端，会被 SIGTTOU 停住
                tty.setcbreak(0, termios.TCSADRAIN)    # 不丢掉已经敲的字
                draw()

    before = termios.tcgetattr(0)
    signal.signal(signal.SIGCONT, begin)  # Ctrl-Z 之后 fg：shell 已经把终端改回去了
    begin()
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, signal.SIG_DFL)
        with contextlib.suppress(termios.error, OSError):
            termios.tcsetattr(0, termios.TCSADRAIN, before)
            print()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="聊天室的客户端")
    parser.add_argument("--host", default="127.0.0.1", help="服务器的地址")
    parser.add_argument("--port", type=int, default=9006, help="服务器的端口")
    parser.add_argument("--name", help="姓名；不写就问")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):    # 与 Ctrl-C 一样处理
        signal.signal(number, signal.default_int_handler)
    sys.stdout.reconfigure(errors="backslashreplace")    # 终端没有的字写成转义
    try:
        main(options.host, options.port, options.name)
    except KeyboardInterrupt:
        print("离开聊天室")
    except (OSError, OverflowError) as error:
        sys.exit(f"和 {options.host}:{options.port} 的通信失败：{error}")
