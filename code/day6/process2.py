"""给子进程的函数传参：args 按位置，kwargs 按名字。

运行：  python code/day6/process2.py
局限：  spawn 和 forkserver 要 pickle 函数和参数，不能用 lambda、打开的文件。
"""
import multiprocessing


def main():
    for options in ({"args": ("小明", 2)},
                    {"args": ["小红"], "kwargs": {"times": 3}},
                    {"kwargs": {"name": "小刚", "times": 1}}):
        process = multiprocessing.Process(target=greet, **options)
        process.start()
        process.join()


def greet(name, times):
    print(f"你好，{name}！" * times)


if __name__ == "__main__":
    main()
