"""正确：RLock 认得持有它的线程，同一个线程可以再拿一次。

运行：  python code/day8/self_lock_fixed.py
局限：  拿几次就要放几次；更好的办法常常是把不上锁的部分拆成单独的函数。
"""
import threading

balance = 100
lock = threading.RLock()


def main():
    print("取 30 元：", "成功" if withdraw(30) else "停在第二次 acquire")


def withdraw(amount):
    global balance
    with lock:
        enough = at_least(amount)                     # 里面又拿一次，计数变成 2
        if enough:
            balance -= amount
        return enough


def at_least(amount):
    if not lock.acquire(timeout=0.5):                 # 立即成功
        return None
    try:
        return balance >= amount
    finally:
        lock.release()


if __name__ == "__main__":
    main()
