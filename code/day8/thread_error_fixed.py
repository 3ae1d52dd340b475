"""正确：线程池的 future 记住异常，result() 把它交给主线程。

运行：  python code/day8/thread_error_fixed.py
"""
from concurrent.futures import ThreadPoolExecutor


def main():
    results = []
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(save, "", results)
    try:
        future.result()                               # 线程里的异常从这里出来
        print("全部完成，保存了", len(results), "条")
    except ValueError as error:
        print("没有完成：", error)


def save(text, results):
    if not text:
        raise ValueError("内容是空的")
    results.append(text)


if __name__ == "__main__":
    main()
