"""正确：threading.local() 的属性每个线程各有一份。

运行：  python code/day8/local_fixed.py
"""
import threading

current = threading.local()                           # 每个线程看到自己的那一份
barrier = threading.Barrier(2)
mistaken = []


def main():
    threads = [threading.Thread(target=handle, args=(user,))
               for user in ("小明", "小红")]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("读到别人名字的线程：", len(mistaken), "个")


def handle(user):
    current.user = user
    barrier.wait()                                    # 两个线程都写过了，再读
    if current.user != user:
        mistaken.append(user)


if __name__ == "__main__":
    main()
