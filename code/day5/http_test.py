"""看浏览器到底发来了什么：把请求逐行原样打印出来，回答一个小网页。

运行：  python code/day5/http_test.py --port 9000，
        然后用浏览器打开 http://127.0.0.1:9000/
局限：  每个连接只回答一次；不限制请求有多长、发多久，那些见 http_server.py。
"""
import argparse
import email.utils
import signal
import sys
import time

from http_common import listen, log

PAGE = ("<!DOCTYPE html><meta charset='utf-8'><title>http_test</title>"
        "<p>请求已经收到，看终端。</p>\n").encode()
HEAD = ("HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: text/html\r\n"
        "Content-Length: %d\r\nConnection: close\r\n\r\n")


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listen(host, port) as listener:
        while True:
            try:
                conn, _ = listener.accept()
            except OSError as error:  # 描述符用完（EMFILE）：客户端在队列里等
                log("暂时不能接受连接：", error.strerror)
                time.sleep(0.2)
                continue
            with conn:
                conn.settimeout(2)  # 浏览器常常多开一个连接备用，什么也不发
                try:
                    answer(conn)
                except (OSError, ValueError) as error:
                    log("没有收到完整的请求：", type(error).__name__)


def answer(conn):
    head, body = receive_request(conn)
    for line in head.splitlines(keepends=True):
        log(line)
    log(f"请求体 {len(body)} 字节：{body[:60]}")
    now = email.utils.formatdate(usegmt=True)
    conn.sendall((HEAD % (now, len(PAGE))).encode() + PAGE)


def receive_request(conn):
    data = b""
    while b"\r\n\r\n" not in data:                    # 空行之前是请求行和请求头
        data += receive(conn)
    head, _, body = data.partition(b"\r\n\r\n")
    while len(body) < content_length(head):           # 请求体有多长，请求头里写着
        body += receive(conn)
    return head + b"\r\n\r\n", body


def receive(conn):
    data = conn.recv(4096)
    if not data:
        raise ConnectionError("请求没有发完就离开")
    return data


def content_length(head):
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"transfer-encoding":  # 分块传输（chunked），这里不认
            raise ValueError("不认识分块传输")
        if name.lower() == b"content-length":
            if not value.strip().isdigit():           # int 还接受负号和下划线
                raise ValueError("长度不对")
            return int(value)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="打印收到的 HTTP 请求")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {options.host}:{options.port}：{error}")
