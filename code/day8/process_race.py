"""进程之间也会丢失更新：threading.Lock 管不住别的进程，multiprocessing 的锁才行。

运行：  python code/day8/process_race.py
局限：  barrier 让两个进程必然在“读”和“写”之间相遇；用对了锁，它们就遇不上。
"""
import contextlib
import multiprocessing
import threading

fork = multiprocessing.get_context("fork")


def main():
    print("不加锁：", balance_after(None, wait=10))
    print("threading.Lock：", balance_after(threading.Lock(), wait=10))
    print("multiprocessing 的 Lock：", balance_after(fork.Lock(), wait=0.2))


def balance_after(lock, wait):
    balance = fork.Value("i", 0, lock=False)          # 两个进程共享的一个整数
    barrier = fork.Barrier(2)
    workers = [fork.Process(target=deposit, args=(balance, barrier, lock, wait))
               for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return balance.value


def deposit(balance, barrier, lock, wait):
    if lock:
        lock.acquire()  # fork 之后各有各的 threading.Lock
    old = balance.value                               # 读
    meet(barrier, wait)
    balance.value = old + 1                           # 加，写
    if lock:
        lock.release()


def meet(barrier, wait):
    with contextlib.suppress(threading.BrokenBarrierError):  # 它在等锁，来不了
        barrier.wait(wait)


if __name__ == "__main__":
    main()
