"""用 Lock 互斥：一个线程转账，转到一半时另一个线程来对账，看到的总数仍是 2000。

运行：  python code/day8/thread_lock.py
局限：  两边都要申请锁：去掉任何一边的锁，对账的就看到转了一半的 1999。
"""
import threading

WAIT = 0.5                                            # 转了一半，最多等对账的几秒
accounts = {"甲": 1000, "乙": 1000}
lock = threading.Lock()
half, seen = threading.Event(), threading.Event()


def main():
    threads = [threading.Thread(target=transfer), threading.Thread(target=check)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print("最后：", accounts)


def transfer():
    lock.acquire()                                    # 上锁；别人占着就在这里等
    try:
        accounts["甲"] -= 1
        half.set()
        seen.wait(WAIT)                               # 让对账的来看；它来不了
        accounts["乙"] += 1
    finally:
        lock.release()                                # 出了异常也要解锁


def check():
    half.wait()
    with lock:                                        # 同样的上锁和解锁，写法更短
        print("对账看到的总数：", sum(accounts.values()))
    seen.set()


if __name__ == "__main__":
    main()
