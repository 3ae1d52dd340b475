"""把一个文件夹交给浏览器看的 HTTP/1.1 服务器，直接写在 TCP 套接字上。

运行：  python code/day5/http_server.py --port 9000 --folder 网页文件夹
局限：  只有 GET 和 HEAD；一次服务一个客户端；没有 HTTPS、缓存和断点续传。
"""
import argparse
import os
import socket
import sys
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote

from http_common import Client, Refused, read_request, send_head

TEXT = "; charset=utf-8"
TYPES = {".html": "text/html" + TEXT, ".css": "text/css" + TEXT, ".js": "text/javascript" + TEXT,
         ".txt": "text/plain" + TEXT, ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png",
         ".jpg": "image/jpeg", ".gif": "image/gif", ".ico": "image/x-icon", ".pdf": "application/pdf"}


def main(host="127.0.0.1", port=9000, folder=".", idle=5.0, deadline=20.0):
    root = Path(folder).resolve(strict=True)
    with socket.create_server((host, port)) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, peer = listener.accept()
            with conn:
                try:
                    serve(Client(conn, idle, deadline), listener, root)
                except OSError as error:              # 包括超时：一个客户端出错，继续服务下一个
                    print("%s:%d 中断：" % peer + type(error).__name__, flush=True)


def serve(client, listener, root):
    """服务一个连接上的所有请求（持久连接，persistent connection）。"""
    ready = client.wait()
    while ready:
        if not answer(client, root):
            return client.finish()
        ready = client.wait(listener)                 # 有人排队，闲着的连接就让位


def answer(client, root):
    """收一个请求，发一个响应；返回这个连接能不能接着用。"""
    method, target, keep = "-", "-", False
    try:
        method, target, keep = read_request(client)
        if method not in ("GET", "HEAD"):
            raise Refused(405 if method in HTTPMethod.__members__ else 501, Allow="GET, HEAD")
        file = open_file(root, target)
    except Refused as refused:
        status = refused.status
        body = f"{status} {status.phrase}\n".encode()
        send_head(client, status, keep, TYPES[".txt"], len(body), refused.headers)
        if method != "HEAD":
            client.send(body)
    else:
        with file:
            status, size = HTTPStatus.OK, os.fstat(file.fileno()).st_size
            kind = TYPES.get(Path(file.name).suffix.lower(), "application/octet-stream")
            send_head(client, status, keep, kind, size, {})
            if method == "GET":
                send_file(client, file, size)
    print(method, target, int(status), flush=True)
    return keep


def open_file(root, target):
    """打开 target 指的文件；不在 root 里的一律当作没有。"""
    if target.lower().startswith("http://"):          # 发给代理的写法，服务器也要认
        target = "/" + target[7:].partition("/")[2]
    if not target.startswith("/"):
        raise Refused(400)
    try:
        name = unquote(target.partition("?")[0], errors="strict").lstrip("/")
        if ".." in name.split("/"):
            raise Refused(404)
        page = name + "index.html" if name.endswith("/") or not name else name
        path = Path(os.path.realpath(root / page, strict=True))    # 符号链接（symlink）全部解开
        if not path.is_relative_to(root):
            raise Refused(404)
        if path.is_dir() and page == name:            # 少了末尾的 /，页面里的相对链接会算错
            raise Refused(301, Location=f"/{quote(name)}/")
        if not path.is_file():                        # 管道、设备
            raise Refused(404)
        return path.open("rb")
    except ValueError:                                # 不是 UTF-8，或者含有 NUL
        raise Refused(400) from None
    except PermissionError:
        raise Refused(403) from None
    except OSError:
        raise Refused(404) from None


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
    parser.add_argument("--port", type=int, default=9000, help="监听的端口，0 由内核挑选")
    parser.add_argument("--folder", default=".", help="要发布的文件夹")
    parser.add_argument("--idle", type=float, default=5.0, help="客户端多少秒没有动静就不再等")
    parser.add_argument("--deadline", type=float, default=20.0, help="一个请求最多用多少秒发完")
    options = parser.parse_args()
    try:
        main(options.host, options.port, options.folder, options.idle, options.deadline)
    except KeyboardInterrupt:
        print("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能在 {options.host}:{options.port} 发布 {options.folder}：{error}")
