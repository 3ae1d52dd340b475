"""同一个套接字的三种等法：阻塞、非阻塞、超时，各等半秒后才到的一条消息。

运行：  python code/day9/block_io.py
局限：  非阻塞的循环占满一个核；真正的程序用 select、poll 或 epoll 来等。
"""
import socket
import threading
import time


def main():
    for name, timeout, receive in (
        ("阻塞", None, once),
        ("非阻塞", 0, again_and_again),
        ("超时 0.1 秒", 0.1, again_and_again),
    ):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            # None 等于 setblocking(True)，0 等于 setblocking(False)
            ours.settimeout(timeout)
            sender = threading.Timer(0.5, theirs.send, (b"news",))
            sender.start()
            cpu = time.thread_time()
            data, tries = receive(ours)
            cpu = time.thread_time() - cpu
            sender.join()
        busy = "忙" if cpu > 0.02 else "闲"
        print(f"{name}：收到 {data.decode()}，recv 调用{size(tries)}，处理器{busy}")


def once(conn):
    return conn.recv(100), 1  # 内核让线程睡觉，数据到了才叫醒


def again_and_again(conn):
    tries = 0
    while True:
        tries += 1
        try:
            return conn.recv(100), tries
        except BlockingIOError:  # 现在没有数据；不等，马上再问
            pass
        except TimeoutError:  # 等满了；可以先做别的事，再来等
            pass


def size(tries):
    return " 1 次" if tries == 1 else "几次" if tries < 100 else "成千上万次"


if __name__ == "__main__":
    main()
