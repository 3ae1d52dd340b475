"""错误：一个线程等两个人，轮流不停地问“有了吗”，处理器一直忙着。

运行：  python code/day9/wait_two_broken.py
局限：  甲的消息 0.6 秒以后来，乙的 0.3 秒；各只有一条。
"""
import socket
import threading


def main():
    first, far_first = socket.socketpair()
    second, far_second = socket.socketpair()
    with first, far_first, second, far_second:
        threading.Timer(0.6, far_first.send, (b"A",)).start()
        threading.Timer(0.3, far_second.send, (b"B",)).start()
        order, tries = collect([first, second])
    times = f" {tries} 次" if tries < 10 else "成千上万次"
    print("先后收到", *order, f"，recv 调用{times}")


def collect(waiting):
    order, tries = [], 0
    while waiting:
        for conn in list(waiting):
            conn.setblocking(False)
            tries += 1
            try:
                order.append(conn.recv(100).decode())
                waiting.remove(conn)
            except BlockingIOError:
                pass  # 还没有，下一轮再问
    return order, tries


if __name__ == "__main__":
    main()
