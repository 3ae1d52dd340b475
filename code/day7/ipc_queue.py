"""队列（queue）：放进去、取出来的是 Python 对象，多个进程一起放、一起取都可以。

运行：  python code/day7/ipc_queue.py
局限：  每个对象要 pickle，经过一个管道和一个后台线程，比管道慢。
"""
import multiprocessing


def main():
    tasks, answers = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work, args=(tasks, answers))
               for _ in range(2)]
    for worker in workers:
        worker.start()
    for number in range(10):
        tasks.put({"数": number})
    for _ in workers:
        tasks.put(None)                               # 一个工作进程一张“下班”的条子
    found = dict(answers.get() for _ in range(10))    # 先取完，再 join
    for worker in workers:
        worker.join()
    print("平方：", [found[number] for number in range(10)])


def work(tasks, answers):
    while task := tasks.get():                        # 阻塞，直到有对象
        answers.put((task["数"], task["数"] ** 2))


if __name__ == "__main__":
    main()
