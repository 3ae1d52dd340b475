"""60 个小任务：每个一个新进程，都在一个新进程里，交给进程池，各要多久？

运行：  python code/day7/pool_cost.py [--numbers]
局限：  时间随机器而变，取三次里最短的，只比倍数；建池自己也要时间。
"""
import multiprocessing
import sys
import time

TASKS = 60


def main():
    here, each, one = map(best, (alone, process_for_each, one_process))
    with multiprocessing.Pool(2) as pool:
        pooled = best(lambda: pool.map(square, range(TASKS)))
    if "--numbers" in sys.argv:
        print(f"不创建进程 {here:.6f} 秒，每个任务一个进程 {each:.3f} 秒")
        print(f"都在一个进程里 {one:.3f} 秒，建好的进程池 {pooled:.6f} 秒")
    else:
        many = "60 个任务" if one > here else "不到 60 个任务"
        print("创建一个进程的时间，够做", many)
        print("每个任务一个进程，比都在一个进程里慢", times(each / one))
        print("每个任务一个进程，比建好的进程池慢", times(each / pooled))


def times(ratio):
    return "5 倍以上" if ratio > 5 else f"{ratio:.1f} 倍"


def alone():
    for number in range(TASKS):
        square(number)


def process_for_each():
    for number in range(TASKS):
        process = multiprocessing.Process(target=square, args=(number,))
        process.start()
        process.join()


def one_process():
    process = multiprocessing.Process(target=alone)
    process.start()
    process.join()


def best(work):
    return min(timed(work) for _ in range(3))


def timed(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def square(number):
    return number * number


if __name__ == "__main__":
    main()
