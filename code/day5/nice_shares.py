"""两个计算的进程挤在一个核上，一个谦让（nice）：CPU 时间按权重分，谁也不会饿死。

运行：  python code/day5/nice_shares.py [--numbers]
局限：  两个进程在同一个会话、同一个控制组里；别的组之间先按组分。
"""
import os
import signal
import sys
import time

NICE, SECONDS = 5, 1


def main():
    core = min(os.sched_getaffinity(0))
    pids = [start(core, nice) for nice in (0, NICE)]
    time.sleep(SECONDS)
    usual, polite = [stop(pid) for pid in pids]
    if "--numbers" in sys.argv:
        print(f"nice 0 {usual:.2f} 秒，nice {NICE} {polite:.2f} 秒")
    about = "大约 3 倍" if 2 < usual / polite < 4.5 else f"{usual / polite:.1f} 倍"
    print(f"nice 0 得到的 CPU 时间，是 nice {NICE} 的", about)


def start(core, nice):
    """创建一个一直计算的进程，只许用这个核。"""
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, {core})
        os.nice(nice)
        while True:
            pass
    return pid


def stop(pid):
    """结束它，返回它用了几秒 CPU。"""
    os.kill(pid, signal.SIGKILL)
    _, _, used = os.wait4(pid, 0)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
