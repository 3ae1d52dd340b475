"""用 Lock 互斥：两个线程互相转账，第三个线程对账，总数任何时候都不变。

运行：  python code/day8/thread_lock.py
局限：  对账的线程也要申请锁，否则会看到转了一半的账。
"""
import threading

TIMES = 20_000
accounts = {"甲": 1000, "乙": 1000}
lock = threading.Lock()


def main():
    totals = set()
    working = [threading.Thread(target=transfer_many, args=names)
               for names in ("甲乙", "乙甲")]
    audit = threading.Thread(target=check, args=(working, totals))
    for t in (*working, audit):
        t.start()
    for t in (*working, audit):
        t.join()
    print("对账看到的总数：", totals)
    print("最后：", accounts)


def transfer_many(source, target):
    for _ in range(TIMES):
        lock.acquire()                                # 上锁；别人占着就在这里等
        try:
            accounts[source] -= 1
            accounts[target] += 1
        finally:
            lock.release()                            # 出了异常也要解锁


def check(working, totals):
    while any(t.is_alive() for t in working):
        with lock:                                    # 同样的上锁和解锁，写法更短
            totals.add(sum(accounts.values()))
    totals.add(sum(accounts.values()))


if __name__ == "__main__":
    main()
