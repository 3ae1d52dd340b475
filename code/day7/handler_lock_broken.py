"""处理函数里要锁：信号来的时候，锁正在被打断的人手里，谁也走不下去。

运行：  python code/day7/handler_lock_broken.py
局限：  真的程序等锁没有期限，会一直停在那里；这里等半秒就不等了。
"""
import signal
import threading

lock, done, wanted = threading.Lock(), [], []


def main():
    signal.signal(signal.SIGUSR1, report)
    for request in (1, 2, 3):
        with lock:
            done.append(request)
            if request == 2:
                signal.raise_signal(signal.SIGUSR1)       # 最坏的时候来了
        if wanted:
            wanted.clear()
            tell()


def report(number, frame):
    tell()


def tell():
    if lock.acquire(timeout=0.5):
        print("做完了", len(done), "个")
        lock.release()
    else:
        print("等了半秒，拿不到锁：拿着它的，正停下来等我返回")


if __name__ == "__main__":
    main()
