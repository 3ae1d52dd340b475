"""失败：recv(4096) 一次就当作整个请求；请求体分几次才到，后面的都没有收到。

运行：  python code/day5/http_once_broken.py
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
    head, _, body = conn.recv(4096).partition(b"\r\n\r\n")
    return head, body


if __name__ == "__main__":
    main()
