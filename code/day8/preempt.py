"""CPU 会被系统夺走：两个进程挤在一个核上，都只顾计算，从不让出，照样轮流前进。

运行：  python code/day8/preempt.py
局限：  只在 Linux 上；最多试 20 秒，机器极忙时可能凑不够次数。
"""
import multiprocessing
import os
import resource
import time

TIMES = 5
fork = multiprocessing.get_context("fork")


def main():
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})                   # 子进程也只能用这一个核
    counts = fork.SimpleQueue()
    rivals = [fork.Process(target=compute, args=(counts,)) for _ in range(2)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    often = sum(counts.get() >= TIMES for _ in rivals)
    print(f"被系统夺走 CPU 至少 {TIMES} 次的进程：{often} 个")


def compute(counts):
    deadline = time.monotonic() + 20
    while (taken := taken_away()) < TIMES and time.monotonic() < deadline:
        pass                                          # 从不阻塞
    counts.put(taken)


def taken_away():
    """自己没有要求，却被换下 CPU 的次数。"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw


if __name__ == "__main__":
    main()
