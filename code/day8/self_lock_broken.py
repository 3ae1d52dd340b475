"""失败：拿着锁又去申请同一把锁，一个线程就把自己锁死。

运行：  python code/day8/self_lock_broken.py
局限：  真的会永远停住，所以这里只等 0.5 秒。
"""
import threading

balance = 100
lock = threading.Lock()


def main():
    print("取 30 元：", "成功" if withdraw(30) else "停在第二次 acquire")


def withdraw(amount):
    global balance
    with lock:
        enough = at_least(amount)                     # 里面又要同一把锁
        if enough:
            balance -= amount
        return enough


def at_least(amount):
    if not lock.acquire(timeout=0.5):                 # 没有 timeout 就永远等自己
        return None
    try:
        return balance >= amount
    finally:
        lock.release()


if __name__ == "__main__":
    main()
