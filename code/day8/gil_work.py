"""N 份同样的活，用一种办法做完，打印墙上时间和 CPU 时间。

运行：  python code/day8/gil_work.py count threads
局限：  第一行是干活的进程号，给 gil_bench.py 从外面观察用。
"""
import argparse
import hashlib
import importlib
import inspect
import json
import multiprocessing
import os
import resource
import sys
import threading
import time
from functools import partial

N = 2
BLOCK = bytes(1_000_000)


def main(work, way, scale, interval):
    sys.setswitchinterval(interval)
    go, workers, pids = WAYS[way](WORKS[work], scale)
    print(*pids, flush=True)
    wall, cpu = time.perf_counter(), cpu_seconds()
    go.set()
    for worker in workers:
        worker.join()
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    print(json.dumps({"wall": round(wall, 3), "cpu": round(cpu, 3)}))


def count(scale):
    """纯 Python 的循环：每一步都要拿着 GIL。"""
    for _ in range(int(10_000_000 * scale)):
        pass


def digest(scale):
    """C 写的哈希函数：算大块数据时放开 GIL。"""
    for _ in range(int(500 * scale)):
        hashlib.sha256(BLOCK).digest()


def wait(scale):
    """像等网络那样等：不用 CPU，也放开 GIL。"""
    time.sleep(0.15 * scale)


def one(job, scale):
    """一个线程，一份接一份。"""
    everything = [lambda: [job(scale) for _ in range(N)]]
    return started(threading, threading.Thread, everything)


def threads(job, scale):
    """N 个线程，各做一份。"""
    return started(threading, threading.Thread, [lambda: job(scale)] * N)


def processes(job, scale):
    """N 个进程，各做一份。"""
    fork = multiprocessing.get_context("fork")        # 此时只有一个线程，可以 fork
    return started(fork, fork.Process, [lambda: job(scale)] * N)


def interpreters(job, scale):
    """N 个线程，各用一个子解释器。3.11 的仍共用一个 GIL，3.12 起各有一个。"""
    head = "import hashlib, time\nBLOCK = bytes(1_000_000)\n"
    source = f"{head}{inspect.getsource(job)}\n{job.__name__}({scale})"
    jobs = [partial(execute, source) for execute in new_interpreters()]
    return started(threading, threading.Thread, jobs)


def new_interpreters():
    """N 个函数，各在自己的子解释器里执行一段源代码；3.14 以前只有内部的模块。"""
    if sys.version_info >= (3, 14):
        module = importlib.import_module("concurrent.interpreters")
        return [module.create().exec for _ in range(N)]
    name = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
    module = importlib.import_module(name)
    return [partial(module.run_string, module.create()) for _ in range(N)]


def started(toolbox, worker, jobs):
    """启动全部，让它们停在起跑线上。"""
    go = toolbox.Event()
    workers = [worker(target=lambda job=job: (go.wait(), job())) for job in jobs]
    for each in workers:
        each.start()
    return go, workers, {getattr(each, "pid", os.getpid()) for each in workers}


def cpu_seconds():
    used = [resource.getrusage(who)
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


WORKS = {job.__name__: job for job in (count, digest, wait)}
WAYS = {way.__name__: way for way in (one, threads, processes, interpreters)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="N 份同样的活")
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--scale", type=float, default=1, help="活的大小")
    parser.add_argument("--interval", type=float, default=0.005, help="切换间隔")
    options = parser.parse_args()
    main(options.work, options.way, options.scale, options.interval)
