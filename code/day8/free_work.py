"""同样的活，给有 GIL 和没有 GIL 的 Python 各做一遍：哪些仍然不丢，快了还是慢了。

运行：  python code/day8/free_work.py
        python3.14t code/day8/free_work.py --json     # 没有 GIL 的，要另外安装
局限：  丢多少次、用多少时间，每次都不一样。
"""
import json
import platform
import sys
import threading
import time

TIMES, THREADS = 50_000, 4
LINES = """Python {python}，GIL {state}
count += 1 丢了 {lost} 次；加上锁得到 {guarded}，列表 {items} 个，字典 {table} 个
1 个线程算 1 份 {alone} 秒，2 个线程算 2 份 {two} 秒"""
count, guarded, items, table, lock = 0, 0, [], {}, threading.Lock()


def main(as_json):
    for job in (plus, plus_guarded, append, put):
        together(THREADS, job)
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    alone, two = fastest(1), fastest(2)
    found = {"python": platform.python_version(), "gil": gil,
             "lost": TIMES * THREADS - count, "guarded": guarded,
             "items": len(items), "table": len(table),
             "alone": round(alone, 3), "two": round(two, 3)}
    state = "开着" if gil else "关着"
    print(json.dumps(found) if as_json else LINES.format(state=state, **found))


def plus(_):
    global count
    for _ in range(TIMES):
        count += 1                                    # 读、加、写：三步


def plus_guarded(_):
    global guarded
    for _ in range(TIMES):
        with lock:
            guarded += 1


def append(number):
    for n in range(TIMES):
        items.append(n)                               # 一个方法，列表自己有锁


def put(number):
    for n in range(TIMES):
        table[number, n] = n                          # 字典也是


def together(threads, job):
    """几个线程从同一条线起跑，返回做完用的秒数。"""
    go = threading.Barrier(threads + 1)
    workers = [threading.Thread(target=lambda n=n: (go.wait(), job(n)))
               for n in range(threads)]
    for worker in workers:
        worker.start()
    go.wait()
    begun = time.perf_counter()
    for worker in workers:
        worker.join()
    return time.perf_counter() - begun


def fastest(threads):
    """每个线程算一份，五次里最快的一次。"""
    return min(together(threads, lambda _: compute(29)) for _ in range(5))


def compute(n):
    """纯 Python 的计算：函数调用、加法、比较。"""
    return n if n < 2 else compute(n - 1) + compute(n - 2)


if __name__ == "__main__":
    main("--json" in sys.argv)
