"""创建、启动、回收一个线程：线程在等的时候，主线程照样前进。

运行：  python code/day7/thread1.py
局限：  谁先谁后由 asked 和 answered 两个事件规定；没有它们，顺序每次都可能不同。
"""
import threading


def main():
    asked, answered = threading.Event(), threading.Event()
    t = threading.Thread(target=wait_for_answer, args=("甲",),
                         kwargs={"asked": asked, "answered": answered})  # 1 创建
    print("创建以后：", t.is_alive())
    t.start()                                         # 2 启动：系统里多了一个线程
    asked.wait()
    print("启动以后：", t.is_alive())
    print("主线程没有停，它在算：", sum(range(101)))
    answered.set()
    t.join()                                          # 3 回收：等线程函数返回
    print("回收以后：", t.is_alive())


def wait_for_answer(name, asked, answered):
    print(f"线程{name}：开始等")
    asked.set()
    answered.wait()                                   # 阻塞的只有这一个线程
    print(f"线程{name}：等到了，结束")


if __name__ == "__main__":
    main()
