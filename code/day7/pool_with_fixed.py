"""正确：with 里面先 close、join（或者取完结果），再让 with 结束。

运行：  python code/day7/pool_with_fixed.py
"""
import multiprocessing
import os
import tempfile
import time


def main():
    with tempfile.TemporaryDirectory() as folder:
        with multiprocessing.Pool(2) as pool:
            for number in range(6):
                pool.apply_async(work, (folder, number))
            pool.close()
            pool.join()
        print("做完了", "6 个" if len(os.listdir(folder)) == 6 else "不到 6 个")


def work(folder, number):
    time.sleep(0.2)                                   # 一件要花时间的事
    open(os.path.join(folder, str(number)), "x").close()


if __name__ == "__main__":
    main()
