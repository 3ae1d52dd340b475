"""把一个文件夹交给浏览器看的 HTTP/1.1 服务器，直接写在 TCP 套接字上。

运行：  python code/day5/http_server.py --port 9000 --folder 网页文件夹
局限：  只有 GET 和 HEAD；一次服务一个客户端，有人排队时，超过 --deadline
        还没有发完的响应会中断；不跟随符号链接；没有 HTTPS、缓存和断点续传。
"""
import argparse
import errno
import io
import os
import re
import signal
import stat
import sys
import time
from http import HTTPMethod, HTTPStatus
from urllib.parse import quote, unquote

from http_common import Client, Refused, listen, log, read_request, send_head, shown

TEXT = "; charset=utf-8"
TYPES = {".html": "text/html" + TEXT, ".css": "text/css" + TEXT,
         ".js": "text/javascript" + TEXT, ".txt": "text/plain" + TEXT,
         ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png",
         ".jpg": "image/jpeg", ".gif": "image/gif", ".ico": "image/x-icon",
         ".pdf": "application/pdf"}
FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # 不跟随符号链接，不停在管道上
REASONS = {errno.ENOENT: 404, errno.ENOTDIR: 404, errno.ELOOP: 404,
           errno.ENAMETOOLONG: 404, errno.ENXIO: 404, errno.EACCES: 403,
           errno.EPERM: 403, errno.EMFILE: 503, errno.ENFILE: 503}


def main(host="127.0.0.1", port=9000, folder=".", idle=5.0, deadline=20.0):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # 从此只相对于它打开文件
    with listen(host, port) as listener:
        while True:
            try:
                conn, peer = listener.accept()
            except OSError as error:  # 描述符用完（EMFILE）：客户端在队列里等
                log("暂时不能接受连接：", error.strerror)
                time.sleep(0.2)
                continue
            with conn:
                try:
                    serve(Client(conn, listener, idle, deadline), root)
                except OSError as error:  # 包括超时：一个客户端出错，继续服务下一个
                    log(shown(peer), f"中断：{type(error).__name__}")


def serve(client, root):
    """服务一个连接上的所有请求（持久连接，persistent connection）。"""
    ready = client.wait()
    while ready:
        if not answer(client, root):
            return client.finish()
        ready = client.wait(client.listener)          # 有人排队，闲着的连接就让位


def answer(client, root):
    """收一个请求，发一个响应；返回这个连接能不能接着用。"""
    method, target, keep = "-", "-", False
    try:
        method, target, keep = read_request(client)
        if method not in ("GET", "HEAD"):
            known = method in HTTPMethod.__members__
            raise Refused(405 if known else 501, Allow="GET, HEAD")
        file, kind = open_file(root, target)
        status, more = HTTPStatus.OK, {}
    except Refused as refused:
        status, more, kind = refused.status, refused.headers, TYPES[".txt"]
        file = io.BytesIO(f"{status} {status.phrase}\n".encode())
    with file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        keep = keep and not client.crowded()  # 有人排队：说一声，答完这个就让位
        send_head(client, status, keep, kind, size, more)
        if method != "HEAD":
            send_file(client, file, size)
    log(method, target, int(status))
    return keep


def open_file(root, target):
    """打开 target 指的文件，返回文件和类型；不在 root 里的一律当作没有。"""
    target = re.sub("(?i)^http://[^/?#]+/?", "/", target)  # 发给代理的写法，也要认
    if not target.startswith("/"):
        raise Refused(400)
    try:
        name = unquote(target.partition("?")[0], errors="strict")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.endswith("/"):
            parts.append("index.html")
        fd = open_below(root, parts)
    except ValueError:                                # 不是 UTF-8，或者含有 NUL
        raise Refused(400) from None
    except OSError as error:
        raise Refused(REASONS.get(error.errno, 500)) from None
    if stat.S_ISREG(os.fstat(fd).st_mode):
        suffix = os.path.splitext(parts[-1])[1].lower()
        return open(fd, "rb"), TYPES.get(suffix, "application/octet-stream")
    folder = stat.S_ISDIR(os.fstat(fd).st_mode)
    os.close(fd)
    if folder and not name.endswith("/"):  # 少了末尾的 /，页面里的相对链接会算错
        place = "/" + "".join(f"{quote(part)}/" for part in parts)
        raise Refused(301, Location=place)
    raise Refused(404)                                # 管道、设备


def open_below(root, parts):
    """从 root 起一段一段地打开，返回最后一段的描述符：检查的就是打开的那一个。"""
    fd = os.dup(root)
    for part in parts:
        folder = fd
        try:
            if part == "..":
                raise Refused(404)
            fd = os.open(part, FLAGS, dir_fd=folder)
        finally:
            os.close(folder)
    return fd


def send_file(client, file, size):
    while size:
        data = file.read(min(size, 65536))
        if not data:
            raise ConnectionError("文件在发送时变短了")
        client.send(data)
        size -= len(data)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="静态文件的 HTTP 服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    parser.add_argument("--folder", default=".", help="要发布的文件夹")
    parser.add_argument("--idle", type=float, default=5.0,
                        help="客户端多少秒没有动静就不再等")
    parser.add_argument("--deadline", type=float, default=20.0,
                        help="请求最多用多少秒，有人排队时响应也是")
    options = parser.parse_args()
    try:
        main(**vars(options))
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        where = f"{options.host}:{options.port}"
        sys.exit(f"不能在 {where} 发布 {options.folder}：{error}")
