"""失败：“当前用户”放在大家共用的对象里，先写的名字被后写的盖掉。

运行：  python code/day8/local_broken.py
"""
import threading
import types

current = types.SimpleNamespace()                     # 所有线程看到的是同一个
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
