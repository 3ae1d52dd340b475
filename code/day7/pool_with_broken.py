"""失败：with Pool() 结束时调用的是 terminate，没做完的任务都丢了。

运行：  python code/day7/pool_with_broken.py
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
        print("做完了", "6 个" if len(os.listdir(folder)) == 6 else "不到 6 个")


def work(folder, number):
    time.sleep(0.2)                                   # 一件要花时间的事
    open(os.path.join(folder, str(number)), "x").close()


if __name__ == "__main__":
    main()
