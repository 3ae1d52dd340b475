"""正确：保存每个结果对象，用 get 取值；任务里的异常会在这里抛出。

运行：  python code/day7/pool_error_fixed.py
"""
import multiprocessing


def main():
    pool = multiprocessing.Pool(2)
    results = {number: pool.apply_async(divide, (number,)) for number in (1, 0, 2)}
    pool.close()
    pool.join()
    for number, result in results.items():
        try:
            print(f"6 / {number} =", result.get())
        except ZeroDivisionError as error:
            print(f"6 / {number} 失败：", type(error).__name__)


def divide(number):
    return 6 / number


if __name__ == "__main__":
    main()
