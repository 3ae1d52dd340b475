"""同样的 60 个小任务：每个任务一个新进程，和 2 个进程的进程池，哪个快？

运行：  python code/day7/pool_cost.py [--numbers]
"""
import multiprocessing
import sys
import time

TASKS = 60


def main():
    new_each, pooled = (min(timed(work) for _ in range(3)) for work in (process_for_each, pool_for_all))
    print("进程池快一倍以上：", new_each > 2 * pooled)
    if "--numbers" in sys.argv:
        print(f"每个任务一个进程 {new_each:.3f} 秒，进程池 {pooled:.3f} 秒")


def process_for_each():
    for number in range(TASKS):
        process = multiprocessing.Process(target=square, args=(number,))
        process.start()
        process.join()


def pool_for_all():
    with multiprocessing.Pool(2) as pool:
        pool.map(square, range(TASKS))


def timed(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def square(number):
    return number * number


if __name__ == "__main__":
    main()
