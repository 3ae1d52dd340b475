"""失败：服务器先关闭连接，马上重启就报“地址已被占用”。

运行：  python code/day4/restart_broken.py
局限：  要等主动关闭的一端离开 TIME_WAIT，Linux 上是 60 秒。
"""
import socket


def main():
    port = serve_once(0)
    try:
        serve_once(port)
        print("重启成功")
    except OSError as error:
        print("重启失败：", error)


def serve_once(port):
    with open_listener(port) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            server, _ = listener.accept()
            server.close()  # 先关闭的一端进入 TIME_WAIT
            client.recv(1)
    return port


def open_listener(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


if __name__ == "__main__":
    main()
