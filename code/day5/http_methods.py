"""每个请求方法做什么：一个放在内存里的便签本，建在标准库的 http.server 上。

运行：  python code/day5/http_methods.py --port 9000
局限：  没有登录，谁都能改；便签不落盘；CONNECT 只连本机；不认分块传输（chunked）。
"""
import argparse
import itertools
import select
import signal
import socket
import sys
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from http_common import Refused, log, shown

NOTES = {}                                            # 路径 -> 内容
NUMBERS = itertools.count(1)
LIMIT = 1_000_000                                     # 一张便签最多多少字节


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ThreadingHTTPServer.address_family = family
    with ThreadingHTTPServer((host, port), Notebook) as server:
        log("listening on", shown(server.server_address))
        server.serve_forever()


class Notebook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # 默认是 HTTP/1.0，每个连接只回答一次
    timeout = 5

    def do_GET(self):                                 # 获取
        if self.path not in NOTES:
            return self.reply(404)
        tag = '"%08x"' % zlib.crc32(NOTES[self.path])
        if self.headers["If-None-Match"] == tag:      # 客户端手里的还是新的
            return self.reply(304, ETag=tag)
        self.reply(200, NOTES[self.path], ETag=tag)

    do_HEAD = do_GET                                  # 同 GET，但没有响应体

    def do_POST(self):  # 处理提交的内容，这里是新建一张便签
        content = self.body()
        path = f"/notes/{next(NUMBERS)}"
        NOTES[path] = content
        self.reply(201, Location=path)

    def do_PUT(self):  # 放到这个路径：没有就新建，有就替换
        status = 204 if self.path in NOTES else 201
        NOTES[self.path] = self.body()
        self.reply(status)

    def do_DELETE(self):                              # 删除
        self.reply(404 if NOTES.pop(self.path, None) is None else 204)

    def do_OPTIONS(self):                             # 这里能用哪些方法
        self.reply(204, Allow="GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE")

    def do_TRACE(self):                               # 把收到的请求原样送回
        request = self.raw_requestline + str(self.headers).encode()
        self.reply(200, request, Content_Type="message/http")

    def do_CONNECT(self):  # 打通一条隧道（tunnel），之后的字节不再解释
        self.close_connection = True
        host, _, port = self.path.rpartition(":")
        if host != "127.0.0.1" or not port.isdecimal():
            return self.reply(403)
        try:
            target = socket.create_connection((host, int(port)), timeout=5)
        except (OSError, OverflowError):
            return self.reply(502)
        with target:
            self.send_response(200)
            self.end_headers()
            relay(self.connection, target)

    def handle_one_request(self):
        try:
            super().handle_one_request()              # 它调用上面的 do_…
        except Refused as refused:
            self.reply(refused.status)
        except ConnectionError:                       # 客户端走了，没有人可以回答
            self.close_connection = True

    def parse_request(self):
        good = super().parse_request()
        if good:
            named = ("Content-Length", "Transfer-Encoding")
            self.unread = any(name in self.headers for name in named)
            hosts = self.headers.get_all("Host", [])
            if self.request_version != "HTTP/1.0" and len(hosts) != 1:
                raise Refused(400)                    # HTTP/1.1 要求恰好一个 Host
        return good

    def body(self):
        """整个请求体；说不清有多长的，没有发完就离开的，都不收。"""
        if "Transfer-Encoding" in self.headers:
            raise Refused(501)
        length, *more = self.headers.get_all("Content-Length", ["0"])
        if more or not (length.isascii() and length.isdecimal()):
            raise Refused(400)
        if len(length) > 9 or int(length) > LIMIT:
            raise Refused(413)
        data = self.rfile.read(int(length))
        if len(data) < int(length):
            raise Refused(400)
        self.unread = False
        return data

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        if self.unread:
            self.send_header("Connection", "close")  # 没读的请求体不是下一个请求
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status not in (204, 304):                  # 这两种响应没有响应体
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def relay(left, right):
    other = {left: right, right: left}
    while other:
        for ready in select.select(list(other), [], [])[0]:
            if data := ready.recv(65536):
                other[ready].sendall(data)
            else:  # 这个方向结束了，另一个方向可能还有
                other.pop(ready).shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="内存里的便签本")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {options.host}:{options.port}：{error}")
