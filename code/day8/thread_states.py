"""一个进程，两个线程，一个在算，一个在等：内核给每个线程各记一份状态和 CPU 时间。

运行：  python code/day8/thread_states.py
局限：  只在 Linux 上；算的是哈希（计算时放开 GIL），所以看的人不会挡住它。
"""
import hashlib
import os
import threading
import time

BLOCK = bytes(20_000_000)


def main():
    done = threading.Event()
    busy = threading.Thread(target=compute, args=(done,))
    idle = threading.Thread(target=done.wait)
    busy.start()
    idle.start()
    deadline = time.monotonic() + 20
    while True:
        (state, used), (other_state, other_used) = look(busy), look(idle)
        told_apart = (state, other_state) == ("R", "S") and used >= 0.1
        if told_apart or time.monotonic() > deadline:
            break
        time.sleep(0.005)
    done.set()
    print("在算的线程：", state, "，CPU 时间至少 0.1 秒" if used >= 0.1 else used)
    print("在等的线程：", other_state, "，CPU 时间", other_used, "秒")


def compute(done):
    while not done.is_set():
        hashlib.sha256(BLOCK).digest()


def look(thread):
    """内核此刻记下的状态和 CPU 时间，见 proc(5)。"""
    with open(f"/proc/self/task/{thread.native_id}/stat") as stat:
        fields = stat.read().rpartition(") ")[2].split()
    ticks = int(fields[11]) + int(fields[12])         # 用户态和内核态
    return fields[0], ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
