"""失败：两端都先发完再收，缓冲区满了以后双方都停在 send。

运行：  python code/day4/both_send_broken.py
局限：  真的会永远停住，所以这里设了 1 秒超时。
"""
import socket
import threading

MESSAGE = b"x" * 20_000_000


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server = listener.accept()[0]
    with client, server:
        results = {}
        thread = threading.Thread(target=exchange, args=("服务器", server, results))
        thread.start()
        exchange("客户端", client, results)
        thread.join()
    for name in ("客户端", "服务器"):
        print(name, results[name])


def exchange(name, conn, results):
    conn.settimeout(1)
    steps = ("send", "recv")                          # 对方也先 send，没有人 recv
    try:
        for step in steps:
            if step == "send":
                conn.sendall(MESSAGE)
            else:
                receive(conn)
        results[name] = "交换完毕"
    except TimeoutError:
        results[name] = f"停在 {step}"


def receive(conn):
    rest = len(MESSAGE)
    while rest:
        piece = conn.recv(min(rest, 65536))
        if not piece:
            raise ConnectionError("对方提前离开")
        rest -= len(piece)


if __name__ == "__main__":
    main()
