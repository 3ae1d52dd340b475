"""群聊聊天室的服务器：父进程用 UDP 服务所有人，fork 出来的子进程读管理员的输入。

运行：  python code/day6/chat_server.py --port 9006    （输入一行就是公告）
局限：  不加密，姓名只和 UDP 地址绑定；有人拼命发垃圾时，别人的心跳会被挤掉。
"""
import argparse
import contextlib
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass

from chat_common import (
    ANSWERS,
    LIMIT,
    REQUESTS,
    check_name,
    check_text,
    pack,
    unpack,
)

CAPACITY, PER_HOST = 1000, 250  # 对方能决定的都要有上限：一共多少人，一台主机多少人
TICK = 0.5    # 至少每隔这么多秒看一次谁的租约到期


def main(host="127.0.0.1", port=9006, lease=3.0):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        host, port = sock.getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        print(f"listening on {name}:{port}", flush=True)
        pid, administrator = start_administrator(sock)
        room = Room(sock, lease)
        try:
            serve(room, pid, administrator)
        finally:    # Ctrl-C、kill：告诉所有人，结束并回收子进程
            for address in room.members:
                room.send(address, "BYE", 0, "聊天室关闭了")
            if administrator.fileno() >= 0:
                # 在后台读终端的子进程是停着的，别的信号它收不到
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                administrator.close()


def serve(room, pid, administrator):
    sources = [room.sock, administrator]
    turned = time.monotonic()
    while True:
        # 阻塞，直到有数据报、有公告，或者时间到
        ready, _, _ = select.select(sources, [], [], TICK)
        now = time.monotonic()
        if now - turned > 2 * TICK:  # 服务器自己停过（例如 Ctrl-Z），不能算成员的错
            room.extend(now - turned)
        turned = now
        if room.sock in ready:
            room.handle(*room.sock.recvfrom(LIMIT + 1))
        if administrator in ready:
            if line := administrator.recv(65536):
                room.announce(line)
            else:    # 子进程结束了（Ctrl-D），回收它，否则成为僵尸
                administrator.close()
                os.waitpid(pid, 0)
                sources.remove(administrator)
        room.expire(now)


def start_administrator(sock):
    """fork 一个子进程读标准输入；返回它的 PID，和收取公告的套接字。"""
    parent_end, child_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        try:
            # Ctrl-C 送给整个前台进程组，由父进程处理
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            sock.close()
            parent_end.close()
            with contextlib.suppress(OSError):  # 没有键盘，或者父进程刚刚结束
                read_lines(0, child_end)
        finally:
            os._exit(0)    # 子进程到此为止，不能回到父进程的代码里
    child_end.close()
    return pid, parent_end


def read_lines(source, parent):
    """把输入的每一行交给父进程。

    不能自己发：成员名单是父进程的，fork 时复制的那一份永远是空的。
    """
    rest = b""
    while True:
        ready, _, _ = select.select([source, parent], [], [])
        if parent in ready:    # 父进程结束了，被 SIGKILL 也一样
            return
        data = os.read(source, 4096)
        *lines, rest = (rest + data).split(b"\n")
        for line in lines if data else [rest]:
            if line.strip():
                parent.send(line[:LIMIT + 1])    # 一次 send 对应一次 recv
        if not data:
            return
        rest = rest[:LIMIT + 1]


@dataclass
class Member:
    name: str
    key: str
    number: int                                       # 最近一个请求的号码
    until: float    # 租约（lease）到这一刻为止，收到它的数据报就续期
    sent: int = 0                                     # 给它发过几条通知
    request: bytes = b""                              # 最近一个请求和给它的回答
    answer: tuple = ()


class Room:
    """谁在聊天室里；一个数据报进来，回答谁、通知谁。"""

    def __init__(self, sock, lease):
        self.sock, self.lease = sock, lease
        self.members = {}    # 地址 -> Member：姓名和地址绑定，冒名的人地址不同
        self.left = {}    # 刚走的人：LEAVE 的回答可能丢了，要能再回答一次

    def handle(self, data, address):
        """回答这个数据报的来源；它做成了事，就通知别人。"""
        member, number = self.members.get(address), 0
        if member:
            member.until = time.monotonic() + self.lease
        known = member or self.left.get(address)
        if known and data == known.request:    # 重发的：再回答一次，不再执行
            self.send(address, *known.answer)
            return
        done = known.number if known else None        # 做到第几号请求了
        try:
            if len(data) > LIMIT:
                raise ValueError(f"数据报超过 {LIMIT} 字节")
            verb, number, text = unpack(data)
            if verb in ANSWERS:
                return
            answer = self.execute(address, member, verb, number, text)
        except ValueError as error:
            answer = "ERR", number, error
        self.send(address, *answer)
        known = self.members.get(address) or self.left.get(address)
        # 这个数据报使它前进了一号：记住，重发时照样回答
        if known and number == known.number != done:
            known.request, known.answer = data, answer

    def execute(self, address, member, verb, number, text):
        if verb not in REQUESTS:
            raise ValueError(f"动词只有 {'、'.join(REQUESTS)}")
        if verb == "JOIN":
            return self.join(address, number, text)
        if not member:
            raise ValueError("还没有加入聊天室")
        if verb == "BEAT":
            return "OK", 0, member.sent
        if number != member.number + 1:
            raise ValueError(f"号码应该是 {member.number + 1}")
        member.number = number
        if verb == "SAY":
            self.tell(f"{member.name}：{check_text(text)}", but=address)
        else:
            self.left[address] = member
            self.leave(address)
        return "OK", number, member.sent

    def join(self, address, number, name):
        if address in self.members:
            raise ValueError(f"你已经以 {self.members[address].name} 的名字加入了")
        key = check_name(name)
        if any(other.key == key for other in self.members.values()):
            raise ValueError(f"姓名 {name} 已经有人用了")
        present = [*self.members, *self.left]
        if len(present) >= CAPACITY:
            raise ValueError("聊天室满了")
        if sum(other[0] == address[0] for other in present) >= PER_HOST:
            raise ValueError(f"你的主机上已经有 {PER_HOST} 个人")
        until = time.monotonic() + self.lease
        self.members[address] = Member(name, key, number, until)
        self.left.pop(address, None)
        self.tell(f"{name} 进入了聊天室", but=address)
        return "OK", number, self.lease

    def leave(self, address):
        self.tell(f"{self.members.pop(address).name} 退出了聊天室")

    def announce(self, line):
        try:
            if len(line) > LIMIT:
                raise ValueError(f"超过 {LIMIT} 字节")
            self.tell(f"管理员消息：{check_text(line.decode())}")
        except ValueError as error:    # UnicodeDecodeError 也是 ValueError
            log(f"公告没有发出：{error}")

    def expire(self, now):
        for address in overdue(self.members, now):
            self.leave(address)    # 被 SIGKILL 的客户端来不及告别
        for address in overdue(self.left, now):
            del self.left[address]

    def extend(self, seconds):
        for member in self.members.values():
            member.until += seconds

    def tell(self, line, but=None):
        log(line)
        for address, member in self.members.items():
            if address != but:
                member.sent += 1
                self.send(address, "MSG", member.sent, line)

    def send(self, address, verb, number, text=""):
        with contextlib.suppress(OSError):    # 一个人发不过去，不影响别人
            self.sock.sendto(pack(verb, number, text), address)


def overdue(members, now):
    return [address for address, member in members.items() if member.until < now]


def log(line):
    try:
        print(line, flush=True)
    except OSError:    # 看记录的人走了（| head -1），聊天室照常
        sys.stdout = None                             # 以后的 print 什么也不做


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="聊天室的服务器")
    parser.add_argument("--host", default="127.0.0.1", help="绑定的地址")
    parser.add_argument("--port", type=int, default=9006, help="0 由内核挑选")
    parser.add_argument("--lease", type=float, default=3.0, help="几秒没有心跳算走")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):    # 与 Ctrl-C 一样处理
        signal.signal(number, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # 忽略着就等不到子进程
    if sys.stdout:    # 终端的编码里没有的字，不能使聊天室停下
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        main(options.host, options.port, options.lease)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"聊天室 {options.host}:{options.port} 出错：{error}")
