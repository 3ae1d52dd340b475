"""用 Event 规定先后：厨师做好了，服务员才能上菜。

运行：  python code/day8/thread_event.py
局限：  Event 只说“发生过”，不计数，也不交东西；要交东西用 queue.Queue。
"""
import threading


def main():
    dish = {}
    ready = threading.Event()                         # 还没有发生
    waiter = threading.Thread(target=serve, args=(dish, ready))
    cook = threading.Thread(target=make, args=(dish, ready))
    waiter.start()                                    # 服务员先来，也只能等
    cook.start()
    waiter.join()
    cook.join()
    print("菜上了以后，is_set：", ready.is_set())      # 一直有效，直到 clear()
    ready.clear()
    print("clear 以后再等 0.1 秒，wait 返回：", ready.wait(0.1))


def make(dish, ready):
    dish["名字"] = "宫保鸡丁"
    print("厨师：做好了")
    ready.set()                                       # 所有在等的线程都继续


def serve(dish, ready):
    ready.wait()                                      # 阻塞，直到 set()
    print("服务员：上菜", dish["名字"])


if __name__ == "__main__":
    main()
