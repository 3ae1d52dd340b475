"""自定义线程类：重写 run，把函数的返回值和异常都带回来。

运行：  python code/day8/myThread.py
局限：  一次性的线程；要反复派活，用 concurrent.futures.ThreadPoolExecutor。
"""
import threading


class MyThread(threading.Thread):
    def __init__(self, function, *args):
        super().__init__()  # 先让父类准备好，再加自己的属性
        self.function = function
        self.args = args
        self.result = None
        self.error = None

    def run(self):                                    # start() 在新线程里调用它
        try:
            self.result = self.function(*self.args)
        except Exception as error:
            self.error = error  # 留给等我的线程，否则没有人知道

    def join(self, timeout=None):
        super().join(timeout)
        if self.error:
            raise self.error
        return self.result


def main():
    threads = [MyThread(divide, 6, divisor) for divisor in (1, 2, 0)]
    for t in threads:
        t.start()
    for t in threads:
        try:
            print("结果", t.join())
        except ZeroDivisionError as error:
            print("出错", error)


def divide(a, b):
    return a / b


if __name__ == "__main__":
    main()
