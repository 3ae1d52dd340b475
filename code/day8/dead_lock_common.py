"""认得主人的锁，发现死锁的看门狗（watchdog），和要独占才不丢钱的转账。"""
import argparse
import contextlib
import linecache
import os
import sys
import threading
import time

waiting = {}                                          # 线程 -> 它正在等的锁


class NamedLock:
    """threading.Lock 不知道谁拿着它；这一把记下来。"""

    def __init__(self, name):
        self.name, self.owner = name, None
        self._lock = threading.Lock()

    def acquire(self, timeout=-1):
        me = threading.current_thread()
        if timeout == -1:
            waiting[me] = self                        # 有超时的等待自己会醒，不算
        got = self._lock.acquire(timeout=timeout)
        waiting.pop(me, None)
        if got:
            self.owner = me
        return got

    def release(self):
        self.owner = None
        self._lock.release()

    def __enter__(self):
        self.acquire()

    def __exit__(self, *_):
        self.release()


def wait_for_graph():
    """此刻的等待图：{线程: (它等的锁, 持有这把锁的线程)}。"""
    pairs = waiting.copy().items()
    return {t: (lock, owner) for t, lock in pairs if (owner := lock.owner)}


def find_cycle(graph):
    """图里的一个环，线程的列表；没有环就是空列表。"""
    for start in graph:
        path, t = [], start
        while t in graph and t not in path:
            path.append(t)
            t = graph[t][1]
        if t in path:
            return path[path.index(t):]
    return []


def start_watchdog():
    threading.Thread(target=watch, daemon=True).start()


def watch():
    """每 0.05 秒画一次等待图；同一个环连续出现两次就报告，并结束进程。"""
    before = []
    while True:
        graph = wait_for_graph()
        cycle = sorted(find_cycle(graph), key=lambda t: t.name)
        if cycle and cycle == before:
            report(cycle, graph)
            os._exit(1)  # 死锁的线程叫不醒，只能结束进程
        before = cycle
        time.sleep(0.05)


def report(cycle, graph):
    print("死锁！等待图：")
    frames = sys._current_frames()                    # 每个线程此刻的调用栈
    for t in cycle:
        lock, owner = graph[t]
        print(f"  {t.name} 等 {lock.name}，{lock.name} 被 {owner.name} 持有")
    for t in cycle:
        print(f"  {t.name} 停在 {where(frames[t.ident])}", flush=True)


def where(frame):
    """调用栈里，最靠里的一行不属于锁本身的代码。"""
    while frame.f_code.co_filename in (__file__, threading.__file__):
        frame = frame.f_back
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
    return f"{frame.f_code.co_name}()：{line.partition('  #')[0].rstrip()}"


def run_threads(*jobs):
    """每个任务 (函数, 参数…) 一个线程，全部结束才返回。"""
    threads = [threading.Thread(target=job, args=args, name=f"线程{number}")
               for number, (job, *args) in enumerate(jobs, 1)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def pay(accounts, source, target):
    """转 1 元：读，给别人插进来的机会，写。没有独占，就会丢掉一笔。"""
    money = accounts[source], accounts[target]
    time.sleep(0.0002)
    accounts[source], accounts[target] = money[0] - 1, money[1] + 1


def meet(barrier, wait=0.001):
    """尽量凑成最坏的交错：等另一个线程也拿到第一把锁；它来不了就继续。"""
    with contextlib.suppress(threading.BrokenBarrierError):
        barrier.wait(wait)


def rounds(description):
    """命令行参数 --rounds：做几轮。"""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=100, help="做几轮")
    return parser.parse_args().rounds
