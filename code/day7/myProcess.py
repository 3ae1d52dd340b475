"""自定义进程类：继承 Process，__init__ 里先调用 super()，重写 run。

运行：  python code/day7/myProcess.py
局限：  spawn 和 forkserver 要 pickle 整个对象，属性里不能有打开的文件、线程的锁。
"""
import multiprocessing
import os


class Counter(multiprocessing.Process):
    """在子进程里数 1 到 limit，结果放进队列。"""

    def __init__(self, limit, queue):
        super().__init__(name=f"数到 {limit}")         # 先让 Process 准备好自己
        self.limit, self.queue = limit, queue

    def run(self):                                    # start() 创建的子进程里执行它
        self.queue.put((self.name, sum(range(1, self.limit + 1)), os.getpid()))


def main():
    queue = multiprocessing.Queue()
    counter = Counter(100, queue)
    counter.start()
    name, total, pid = queue.get()
    counter.join()
    place = {os.getpid(): "父进程", counter.pid: "子进程"}
    code = counter.exitcode
    print(f"{name}，结果 {total}，run 在{place[pid]}里执行，退出码 {code}")
    Counter(10, queue).run()    # 直接调用 run 只是普通的函数调用
    _, total, pid = queue.get()
    print(f"直接调用 run，结果 {total}，在{place[pid]}里执行")


if __name__ == "__main__":
    main()
