"""失败：不取 apply_async 的结果，任务里的异常无声无息地消失。

运行：  python code/day7/pool_error_broken.py
"""
import multiprocessing


def main():
    pool = multiprocessing.Pool(2)
    for number in (1, 0, 2):
        pool.apply_async(divide, (number,))
    pool.close()
    pool.join()
    print("全部结束，没有报错")


def divide(number):
    return 6 / number


if __name__ == "__main__":
    main()
