"""正确：收到空行为止是请求头，请求体有多长由 Content-Length 说。

运行：  python code/day5/http_once_fixed.py
局限：  不认分块传输（chunked），拒绝它；真正的服务器还要限制长度和时间。
"""
import contextlib
import socket
import threading
import time

BODY = b"x" * 9000


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = threading.Thread(target=upload, args=(listener.getsockname(),))
        client.start()
        conn, _ = listener.accept()
        with conn:
            head, body = receive_request(conn)
            print("请求行：", head.split(b"\r\n")[0].decode())
            print("请求体完整" if body == BODY else "请求体不完整")
        client.join()


def upload(address):
    with (socket.create_connection(address) as conn,
          contextlib.suppress(ConnectionError)):
        conn.sendall(b"POST /file HTTP/1.1\r\nHost: x\r\n"
                     b"Content-Length: %d\r\n\r\n" % len(BODY))
        time.sleep(0.1)                               # 网络慢
        conn.sendall(BODY)


def receive_request(conn):
    with conn.makefile("rb") as lines:
        head, length = b"", 0
        while (line := lines.readline()) != b"\r\n":     # 读到空行为止
            if not line:
                raise ConnectionError("请求没有发完就离开")
            name, _, value = line.partition(b":")
            if name.lower() == b"transfer-encoding":
                raise ValueError("不认识分块传输")
            if name.lower() == b"content-length":
                length = number(value)
            head += line
        body = lines.read(length)
        if len(body) < length:                           # 对方离开了，不能当作收完
            raise ConnectionError("请求体没有发完就离开")
        return head, body


def number(value):
    if not value.strip().isdigit():                      # int 还接受负号和下划线
        raise ValueError(f"长度不对：{value}")
    return int(value)


if __name__ == "__main__":
    main()
