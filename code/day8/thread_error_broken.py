"""失败：线程里抛出异常，主线程毫不知情，程序照样以状态 0 结束。

运行：  python code/day8/thread_error_broken.py
"""
import threading


def main():
    results = []
    t = threading.Thread(target=save, args=("", results))
    t.start()
    t.join()                                          # 异常不会从 join 里出来
    print("全部完成，保存了", len(results), "条")


def save(text, results):
    if not text:
        raise ValueError("内容是空的")
    results.append(text)


if __name__ == "__main__":
    threading.excepthook = lambda hook: print("线程里出错：", hook.exc_value)
    main()
