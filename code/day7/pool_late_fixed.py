"""正确：函数定义在前，进程池创建在后。

运行：  python code/day7/pool_late_fixed.py
"""
import multiprocessing


def main():
    with multiprocessing.get_context("fork").Pool(1) as pool:
        try:
            print(pool.apply_async(early).get(timeout=10))
        except multiprocessing.TimeoutError:
            print("get 等了 10 秒，没有结果")


def early():
    return "做完了"


if __name__ == "__main__":
    main()
