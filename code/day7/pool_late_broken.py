"""失败：先创建进程池，后定义函数，工作进程里找不到它，get 永远等下去。

运行：  python code/day7/pool_late_broken.py
局限：  真的会永远等，这里只等 1 秒。
"""
import multiprocessing
import os
import sys


def main():
    global late
    with multiprocessing.get_context("fork").Pool(1, hide_traceback) as pool:
        def late():
            return "做完了"

        late.__qualname__ = "late"                    # 从此是模块里的一个普通函数
        try:
            print(pool.apply_async(late).get(timeout=1))
        except multiprocessing.TimeoutError:
            print("get 等了 1 秒，没有结果")


def hide_traceback():
    # 工作进程因为找不到函数而出错、被换掉，它的错误信息这里不要
    sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


if __name__ == "__main__":
    main()
