"""正确：先取完，再 join。

运行：  python code/day7/queue_join_fixed.py
"""
import multiprocessing

SIZE = 1_000_000


def main():
    answers = multiprocessing.Queue()
    worker = multiprocessing.Process(target=work, args=(answers,))
    worker.start()
    print("取到", len(answers.get()), "字节")
    worker.join()
    print("子进程", "还在" if worker.is_alive() else "结束了")


def work(answers):
    answers.put(b"x" * SIZE)    # 后台线程写进管道，管道只装得下约 64 KiB


if __name__ == "__main__":
    main()
