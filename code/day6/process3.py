"""父进程只创建和回收，事情由几个子进程同时做。

运行：  python code/day6/process3.py
局限：  子进程之间没有分工的协调，见进程池。
"""
import multiprocessing
import os


def main():
    queue = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=task, args=(queue,))
                 for task in (eat, sleep, study)]
    for process in processes:
        process.start()
    answers = sorted(queue.get() for _ in processes)  # 先取完结果，再 join
    for process in processes:
        process.join()
    print("做了的事：", "、".join(what for what, _ in answers))
    others = {pid for _, pid in answers} - {os.getpid()}
    print("三件事用了", len(others), "个子进程")
    print("退出码：", [process.exitcode for process in processes])


def eat(queue):
    report(queue, "吃饭")


def sleep(queue):
    report(queue, "睡觉")


def study(queue):
    report(queue, "学习")


def report(queue, what):
    queue.put((what, os.getpid()))


if __name__ == "__main__":
    main()
