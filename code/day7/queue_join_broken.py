"""失败：先 join 后取，子进程等管道腾出地方，父进程等子进程，谁也不动。

运行：  python code/day7/queue_join_broken.py
"""
import multiprocessing

SIZE = 1_000_000


def main():
    answers = multiprocessing.Queue()
    worker = multiprocessing.Process(target=work, args=(answers,))
    worker.start()
    worker.join(1)                                    # 没有 1，就永远停在这里
    print("join 等了 1 秒，子进程", "还在" if worker.is_alive() else "结束了")
    worker.kill()
    worker.join()


def work(answers):
    answers.put(b"x" * SIZE)    # 后台线程写进管道，管道只装得下约 64 KiB


if __name__ == "__main__":
    main()
