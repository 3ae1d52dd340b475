"""正确：bind 之前设置 SO_REUSEADDR，TIME_WAIT 不再妨碍重启。

运行：  python code/day4/restart_fixed.py
局限：  旧的服务器当时也要设过；有人正在监听，仍然报“地址已被占用”。
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
    # create_server 也会这样做
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


if __name__ == "__main__":
    main()
