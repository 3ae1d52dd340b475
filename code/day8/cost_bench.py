"""测量线程和进程的开销：创建、内存、来回切换、交接数据。

运行：  python code/day8/cost_bench.py
        python code/day8/cost_bench.py --json > book/traces/cost.json
局限：  只在 Linux 上。全部挤在一个核上，时间是 CPU 时间，不含排队；
        进程用 fork 创建（spawn 再贵几十倍）。
"""
import argparse
import json
import multiprocessing
import os
import platform
import queue
import resource
import statistics
import threading

TIMES = 7                                             # 每一项测几次
BIG = bytes(20_000_000)
fork = multiprocessing.get_context("fork")


def main(as_json):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = {
        "创建并回收一个（毫秒）": both(create, cpu_time),
        "创建并回收一个（缺页次数）": both(create, page_faults),
        "等待时占的内存（KB）": [spread(thread_memory), spread(process_memory)],
        "一次来回切换（毫秒）": both(ping_pong, cpu_time),
        "交接 20 MB 数据（毫秒）": both(hand_over, cpu_time),
    }
    if as_json:
        print(as_text(rows))
        return
    for name, (thread, process) in rows.items():
        print(f"{name}：线程 {thread}，进程 {process}（中位数，最少，最多）")


def both(action, count):
    """同一件事，线程做和进程做，各用掉多少。"""
    return [spread(lambda kind=kind: used(action, kind, count))
            for kind in (threading.Thread, fork.Process)]


def spread(measure):
    """测几次，返回 [中位数, 最少, 最多]。"""
    values = [measure() for _ in range(TIMES)]
    return [round(value, 4)
            for value in (statistics.median(values), min(values), max(values))]


def used(action, kind, count):
    """action 做了几遍，平均每一遍让 count 增加多少。"""
    before = count()
    times = action(kind)
    return (count() - before) / times


def cpu_time():
    """自己和已经回收的子进程用掉的 CPU 时间，毫秒。"""
    return 1000 * sum(usage.ru_utime + usage.ru_stime for usage in usages())


def page_faults():
    return sum(usage.ru_minflt for usage in usages())


def usages():
    return [resource.getrusage(who)
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def create(kind, times=20):
    for _ in range(times):
        worker = kind(target=int)
        worker.start()
        worker.join()
    return times


def ping_pong(kind, rounds=2000):
    """两条管道，一个字节来回传：每个来回要切换两次。"""
    (here, to_here), (there, to_there) = os.pipe(), os.pipe()

    def answer():
        for _ in range(rounds):
            os.write(to_here, os.read(there, 1))

    worker = kind(target=answer)
    worker.start()
    for _ in range(rounds):
        os.write(to_there, b"x")
        os.read(here, 1)
    worker.join()
    for descriptor in (here, to_here, there, to_there):
        os.close(descriptor)
    return rounds


def hand_over(kind):
    """线程拿到的是同一个对象，进程拿到的是一份拷贝。"""
    channel = queue.Queue() if kind is threading.Thread else fork.Queue()
    worker = kind(target=channel.put, args=(BIG,))
    worker.start()
    channel.get()
    worker.join()
    return 1


def thread_memory(count=20):
    """这个进程多了 count 个等待的线程，平均每个多占多少。"""
    stop = threading.Event()
    before = memory(os.getpid(), "Rss")
    threads = [threading.Thread(target=stop.wait) for _ in range(count)]
    for t in threads:
        t.start()
    more = memory(os.getpid(), "Rss") - before
    stop.set()
    for t in threads:
        t.join()
    return more / count


def process_memory():
    """一个等待的子进程里，不和别人共用的内存。"""
    ready, stop = fork.Event(), fork.Event()
    child = fork.Process(target=lambda: (ready.set(), stop.wait()))
    child.start()
    ready.wait()
    private = memory(child.pid, "Private_Clean")      # 只读过的
    private += memory(child.pid, "Private_Dirty")     # 写过的
    stop.set()
    child.join()
    return private


def memory(pid, field):
    """/proc/<pid>/smaps_rollup 里的一项，单位 KB，见 proc(5)。"""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        lines = (line.split() for line in rollup)
        return int(next(number for name, number, *_ in lines if name == field + ":"))


def as_text(rows):
    """一行一项的 JSON，开头说明是在什么机器上测的。"""
    head = {"kernel": f"{platform.system()} {platform.release().split('-')[0]}",
            "machine": f"{platform.machine()}，{os.cpu_count()} 个核",
            "python": platform.python_version(),
            "command": "python code/day8/cost_bench.py --json"
                       " > book/traces/cost.json"}
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join(f'  "{name}": {json.dumps(pair)}' for name, pair in rows.items())
    return f'{text},\n "rows": {{\n{lines}\n }}\n}}'


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="线程和进程的开销")
    parser.add_argument("--json", action="store_true", help="打印 JSON")
    main(parser.parse_args().json)
