"""测量线程和进程的开销：创建、内存、来回切换、交接数据。

运行：  python code/day8/cost_bench.py
        python code/day8/cost_bench.py --json > book/traces/cost.json
局限：  只在 Linux 上；时间取多次里最短的，进程用 fork 创建（spawn 再慢几十倍）。
"""
import argparse
import json
import multiprocessing
import os
import platform
import queue
import threading
import time

fork = multiprocessing.get_context("fork")
BIG = bytes(20_000_000)


def main(as_json):
    rows = {
        "创建并回收一个（毫秒）": [create(threading.Thread), create(fork.Process)],
        "等待时占的内存（KB）": [thread_memory(), process_memory()],
        "一次来回切换（毫秒）": [ping_pong(threading.Thread),
                                ping_pong(fork.Process)],
        "交接 20 MB 数据（毫秒）": [hand_over(threading.Thread, queue.Queue()),
                                    hand_over(fork.Process, fork.Queue())],
    }
    rows = {name: [round(value, 3) for value in pair]
            for name, pair in rows.items()}
    if as_json:
        print(as_text(rows))
        return
    for name, (thread, process) in rows.items():
        print(f"{name}：线程 {thread}，进程 {process}")


def create(kind):
    def once():
        worker = kind(target=int)
        worker.start()
        worker.join()
    return shortest(once, times=50)


def shortest(action, times):
    """重复做，最短的一次用了多少毫秒。"""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    return min(taken) * 1000


def thread_memory(count=20):
    """这个进程多了 count 个等待的线程，平均每个多占多少。"""
    stop = threading.Event()
    before = memory(os.getpid(), "Rss")
    threads = [threading.Thread(target=stop.wait) for _ in range(count)]
    for t in threads:
        t.start()
    used = memory(os.getpid(), "Rss") - before
    stop.set()
    for t in threads:
        t.join()
    return used / count


def process_memory():
    """一个等待的子进程里，不和别人共用的内存。"""
    ready, stop = fork.Event(), fork.Event()
    child = fork.Process(target=lambda: (ready.set(), stop.wait()))
    child.start()
    ready.wait()
    used = memory(child.pid, "Private_Clean")         # 只读过的
    used += memory(child.pid, "Private_Dirty")        # 写过的
    stop.set()
    child.join()
    return used


def memory(pid, field):
    """/proc/<pid>/smaps_rollup 里的一项，单位 KB，见 proc(5)。"""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        lines = (line.split() for line in rollup)
        return int(next(number for name, number, *_ in lines if name == field + ":"))


def ping_pong(kind, rounds=200):
    """两条管道，一个字节来回传：每个来回要切换两次。"""
    (here, to_here), (there, to_there) = os.pipe(), os.pipe()

    def answer():
        for _ in range(rounds):
            os.write(to_here, os.read(there, 1))

    def once():
        os.write(to_there, b"x")
        os.read(here, 1)

    worker = kind(target=answer)
    worker.start()
    taken = shortest(once, rounds)
    worker.join()
    for descriptor in (here, to_here, there, to_there):
        os.close(descriptor)
    return taken


def hand_over(kind, channel):
    """取到为止的时间：线程拿到的是同一个对象，进程拿到的是一份拷贝。"""
    def once():
        worker = kind(target=channel.put, args=(BIG,))
        worker.start()
        channel.get()
        worker.join()
    return shortest(once, times=5)


def as_text(rows):
    head = {"kernel": f"{platform.system()} {platform.release().split('-')[0]}",
            "machine": f"{platform.machine()}，{os.cpu_count()} 个核",
            "python": platform.python_version(),
            "command": "python code/day8/cost_bench.py --json"
                       " > book/traces/cost.json"}
    return json.dumps({**head, "rows": rows}, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="线程和进程的开销")
    parser.add_argument("--json", action="store_true", help="打印 JSON")
    main(parser.parse_args().json)
