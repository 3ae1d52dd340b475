"""两个任务，两个进程或者两个线程：它们真的在同一时刻运行吗？

运行：  python code/day5/cores.py
局限：  至少要有两个核；不带 GIL 的构建（python3.14t）里，线程也会同时运行。
        任务是纯 Python 的计算；等待 IO 的任务见线程一章。
"""
import multiprocessing
import os
import time
from multiprocessing.pool import ThreadPool

GAP = 50e-6      # 秒；两次看表相隔比这还短，其间它一直在运行
WATCH = 0.8
ROUNDS = 4       # 机器很忙时，一轮未必能同时轮到两个任务


def main():
    for name, workers in (("多进程", multiprocessing.Pool), ("多线程", ThreadPool)):
        done, together = watch(workers)
        print(f"{name}：做完了 {done} 个任务")
        print(f"{name}：{'有' if together else '没有'}同时运行的时候", flush=True)


def watch(workers):
    """返回（做完的任务数，两个任务有没有同时运行过）。"""
    cores, together = sorted(os.sched_getaffinity(0)), 0
    with workers(2) as pool:
        for _ in range(ROUNDS):
            begin = time.perf_counter() + 0.1        # 约好同一时刻开始
            jobs = [(begin, cores[0]), (begin, cores[-1])]
            done = pool.starmap(runs, jobs, chunksize=1)
            together += overlap(*done)
            if together > 0.001:
                break
    return len(done), together > 0.001


def overlap(ones, others):
    """两组时间段重叠的秒数。"""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0]))
               for a in ones for b in others)


def runs(begin, core):
    """从 begin 起不停地看表；返回自己在核上运行的时间段 [(开始, 结束), …]。"""
    os.sched_setaffinity(0, {core})    # 各在一个核上，免得都被安排在同一个核
    time.sleep(max(0, begin - time.perf_counter()))
    found, seen = [], 0
    while (now := time.perf_counter()) < begin + WATCH:
        if now - seen > GAP:
            found.append([now, now])
        found[-1][1] = seen = now
    return found


if __name__ == "__main__":
    main()
