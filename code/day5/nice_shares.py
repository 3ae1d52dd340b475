"""两个计算的进程挤在一个核上，一个谦让（nice）：CPU 时间按权重分，谁也不会饿死。

运行：  python code/day5/nice_shares.py [--numbers]
局限：  两个进程在同一个会话、同一个控制组里；别的组之间先按组分。
"""
import os
import signal
import sys
import time

NICE, SECONDS = 5, 0.4


def main():
    core = min(os.sched_getaffinity(0))
    pids = [start(core, nice) for nice in (0, NICE)]
    try:
        while used(pids[0]) < SECONDS:                # 机器忙，就久一点
            time.sleep(0.01)
    finally:
        usual, polite = [stop(pid) for pid in pids]
    if "--numbers" in sys.argv:
        print(f"nice 0 {usual:.2f} 秒，nice {NICE} {polite:.2f} 秒")
    about = "大约 3 倍" if 2 < usual / polite < 4.5 else f"{usual / polite:.1f} 倍"
    print(f"nice 0 得到的，是 nice {NICE} 的", about)


def start(core, nice):
    """创建一个一直计算的进程，只许用这个核。"""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, {core})
        os.nice(nice)
        while os.getppid() == parent:                 # 父进程没有了，它也结束
            pass
        os._exit(0)
    return pid


def used(pid):
    """它用了几秒 CPU。"""
    with open(f"/proc/{pid}/schedstat") as schedstat:
        return int(schedstat.read().split()[0]) / 1e9


def stop(pid):
    """结束它，返回它用了几秒 CPU。"""
    seconds = used(pid)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return seconds


if __name__ == "__main__":
    main()
