"""x += 1 在有 GIL 的 CPython 上碰巧不丢，夹一个调用就丢：能跑对不等于安全。

运行：  python code/day8/increment.py
局限：  碰巧，是因为 3.10 起只在循环的末尾和调用处换线程；自由线程构建
        （python3.14t）里两种都丢。
"""
import sys
import threading
import time

TIMES, THREADS = 50_000, 4
x = 0


def main():
    sys.setswitchinterval(1e-6)  # 默认 0.005 秒，调小让切换更频繁
    lost = sum(lost_by(plain) for _ in range(20))
    print("x += 1          做 20 轮，" + ("丢了" if lost else "没有丢"))
    deadline = time.monotonic() + 20
    while not (lost := lost_by(with_call)) and time.monotonic() < deadline:
        pass                                          # 通常第一轮就丢
    print("x = int(x) + 1  做到丢为止，" + ("丢了" if lost else "没有丢"))


def lost_by(add):
    global x
    x = 0
    threads = [threading.Thread(target=add) for _ in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return TIMES * THREADS - x


def plain():
    global x
    for _ in range(TIMES):
        x += 1                                        # 读、加、写之间没有切换的机会


def with_call():
    global x
    for _ in range(TIMES):
        x = int(x) + 1                                # 调用 int 时可能换线程


if __name__ == "__main__":
    main()
