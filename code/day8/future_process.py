"""进程池的 executor：同样的接口，参数和结果要能 pickle，工作进程会死。

运行：  python code/day8/future_process.py
局限：  用 spawn，每个平台都一样；Linux 上不写 mp_context，3.13 和以前是 fork，
        3.14 起是 forkserver。
"""
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

words = None


def main():
    with executor() as pool:
        print(list(pool.map(square, range(6), chunksize=3)))  # 一次送三个
        print("准备好的数据：", pool.submit(how_many).result())
        lambda_ = pool.submit(lambda: 1)              # 函数按名字送，它没有名字
        print("送 lambda：", "失败" if lambda_.exception() else "成功")
        killed = pool.submit(die)
        print("kill -9 以后：", type(killed.exception()).__name__)
        try:
            pool.submit(square, 2)
        except BrokenProcessPool:
            print("再交任务： BrokenProcessPool")


def executor():
    return ProcessPoolExecutor(
        max_workers=1, mp_context=multiprocessing.get_context("spawn"),
        initializer=prepare, initargs=(1000,))


def prepare(count):
    """每个工作进程开始时做一次：大的数据放在这里，不随每个任务送。"""
    global words
    words = ["词"] * count


def how_many():
    return len(words)


def square(number):
    return number * number


def die():
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
