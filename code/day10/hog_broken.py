"""失败：用了 select，处理函数却循环到客户端离开为止，别的客户端一直等。

运行：  python code/day10/hog_broken.py --port 9000
局限：  改正的写法是 select_server.py：每次就绪只收一次、发一次。
"""
import argparse
import select
import signal
import socket
import sys


def main(host="127.0.0.1", port=9000):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        print("listening on", address(listener.getsockname()), flush=True)
        clients = []
        while True:
            readable, _, _ = select.select([listener, *clients], [], [])
            for conn in readable:
                if conn is listener:
                    clients.append(listener.accept()[0])
                else:
                    echo(conn)
                    clients.remove(conn)
                    conn.close()


def echo(conn):
    try:
        while data := conn.recv(65536):  # 客户端不离开，就不会回到 select
            conn.sendall(data)
    except OSError:
        pass  # 连接被重置：只影响这一个客户端


def address(name):
    host, port = name[:2]
    # IPv6 的地址要加方括号
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:                                   # 看记录的人走了，服务照常
        sys.stdout = None                             # 以后的 print 什么也不做


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="回声服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    options = parser.parse_args()
    try:
        main(options.host, options.port)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address((options.host, options.port))}：{error}")
