"""读 HTTP/1.1 的请求头，写响应头：http_server.py 的协议部分；共用的监听和日志。

局限：  不读请求体（body）；有请求体的连接回答一次就关闭。
"""
import contextlib
import email.utils
import re
import select
import socket
import sys
import time
from http import HTTPStatus

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"               # RFC 9110 第 5.6.2 节
REQUEST_LINE = re.compile(rb"(%s) ([!-~]+) HTTP/(\d)\.(\d)" % TOKEN)
HEADER = re.compile(rb"(%s):([\t -~\x80-\xff]*)" % TOKEN)
BINARY = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
MAX_LINE, MAX_HEADERS = 8000, 16000                   # 字节，超过时回答 414、431
GRACE = 0.2  # 秒；有人排队时，刚答完的客户端还能用多久发下一个请求


class Refused(Exception):
    """不能照办的请求：status 是状态码，headers 是要补充的响应头。"""

    def __init__(self, status, **headers):
        self.status, self.headers = HTTPStatus(status), headers


class Client:
    """一个连接，和收到而还没有用的字节。

    时限（秒）：idle 多久没有动静，deadline 一个请求、一个响应各多久。
    """

    def __init__(self, conn, listener, idle, deadline):
        self.conn, self.listener = conn, listener
        self.idle, self.deadline = idle, deadline
        self.buffer, self.end = bytearray(), 0
        # 不然响应体要等响应头的确认，常常 40 毫秒
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def start(self):
        self.end = time.monotonic() + self.deadline

    def crowded(self):
        """有没有别的客户端在排队。"""
        return bool(select.select([self.listener], [], [], 0)[0])

    def wait(self, *others):
        """等下一个请求开始，返回有没有；others 里有动静，就只再等一小会儿。"""
        if self.buffer:
            return True
        ready, _, _ = select.select([self.conn, *others], [], [], self.idle)
        if ready and self.conn not in ready:
            ready, _, _ = select.select([self.conn], [], [], GRACE)
        return self.conn in ready and self.conn.recv(1, socket.MSG_PEEK) != b""

    def read_line(self, limit, too_long):
        """一行，不含行尾；超过 limit 字节就以状态码 too_long 拒绝。"""
        while (size := self.buffer.find(b"\n")) < 0 and len(self.buffer) <= limit:
            if BINARY.search(self.buffer):  # 不是文本，例如有人说的是 HTTPS
                raise Refused(400)
            left = self.end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.conn.settimeout(min(self.idle, left))
            if not (data := self.conn.recv(4096)):
                raise ConnectionError("请求没有发完就离开")
            self.buffer += data
        if not 0 <= size <= limit:
            raise Refused(too_long)
        line = bytes(self.buffer[:size])
        del self.buffer[:size + 1]
        if not line.endswith(b"\r"):                  # HTTP 的行以 \r\n 结束
            raise Refused(400)
        return line[:-1]

    def send(self, data):
        if time.monotonic() > self.end and self.crowded():
            raise TimeoutError  # 收得慢的客户端，有人排队就不再等
        self.conn.settimeout(self.idle)  # 什么也不收的客户端，没有人排队也不等
        self.conn.sendall(data)

    def finish(self):
        """说完再关：还有没读的字节就 close，内核发出 RST，客户端可能看不到响应。"""
        self.conn.shutdown(socket.SHUT_WR)
        end = time.monotonic() + self.idle
        with contextlib.suppress(TimeoutError):
            while (left := end - time.monotonic()) > 0:
                self.conn.settimeout(left)
                if not self.conn.recv(65536):
                    return


def read_request(client):
    """读到空行为止，返回方法、目标、连接能不能接着用；不合规矩就抛出 Refused。"""
    client.start()
    try:
        while not (line := client.read_line(MAX_LINE, too_long=414)):
            pass  # 请求之前的空行忽略，RFC 9112 第 2.2 节
        if not (match := REQUEST_LINE.fullmatch(line)):
            raise Refused(400)
        method, target, major, minor = (part.decode() for part in match.groups())
        if major != "1":
            raise Refused(505)
        headers = read_headers(client)
    except TimeoutError:
        raise Refused(408) from None
    if minor != "0" and len(headers.get("host", [])) != 1:
        raise Refused(400)                            # HTTP/1.1 要求恰好一个 Host
    options = re.split(r"[ \t,]+", ",".join(headers.get("connection", [])))
    close = minor == "0" or "close" in options
    length = headers.get("content-length", ["0"])
    body = "transfer-encoding" in headers or length != ["0"]
    return method, target, not close and not body and method in ("GET", "HEAD")


def read_headers(client):
    """小写的名字 -> 值的列表，读到空行为止。"""
    headers, room = {}, MAX_HEADERS
    while line := client.read_line(room, too_long=431):
        room -= len(line)
        if not (match := HEADER.fullmatch(line)):
            raise Refused(400)
        name, value = (part.decode("latin-1").strip(" \t").lower()
                       for part in match.groups())
        headers.setdefault(name, []).append(value)
    return headers


def send_head(client, status, keep, kind, size, more):
    client.start()
    now = email.utils.formatdate(usegmt=True)
    headers = {"Content-Type": kind, "Content-Length": size, "Date": now, **more}
    if not keep:
        headers["Connection"] = "close"
    lines = [f"HTTP/1.1 {status} {status.phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()] + ["", ""]
    client.send("\r\n".join(lines).encode())


def listen(host, port):
    """监听，并照本书的约定打印第一行。"""
    if sys.stdout:
        sys.stdout.reconfigure(errors="backslashreplace")  # 没有的字写成转义
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    log("listening on", shown(listener.getsockname()))
    return listener


def shown(address):
    """套接字的地址写成 主机:端口；IPv6 的主机放在方括号里。"""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    """写一行日志。看日志的人走了（| head -1），服务器照样服务。"""
    try:
        print(*words, flush=True)
    except OSError:
        sys.stdout = None                             # 以后的 print 什么也不做
