"""正确：等不到第二把锁，就放掉手里的重来，破坏“不剥夺”。

运行：  python code/day8/dead_lock_back_off.py --rounds 1000
局限：  歇多久要随机，否则两个线程可能一起放、一起拿，谁也不前进：活锁（livelock）。
"""
import random
import threading
import time

from dead_lock_common import (
    NamedLock,
    meet,
    pay,
    rounds,
    run_threads,
    start_watchdog,
)

accounts = {"甲": 1000, "乙": 1000}
locks = {name: NamedLock("锁" + name) for name in accounts}


def main(count):
    start_watchdog()
    for _ in range(count):
        barrier = threading.Barrier(2)
        run_threads((transfer, "甲", "乙", barrier),
                    (transfer, "乙", "甲", barrier))
    print(f"{count} 轮都完成了", accounts)


def transfer(source, target, barrier):
    while not try_transfer(source, target, barrier):
        time.sleep(random.uniform(0, 0.002))          # 歇一会儿，让别人先走


def try_transfer(source, target, barrier):
    with locks[source]:
        meet(barrier)
        if not locks[target].acquire(timeout=0.001):
            return False  # with 放掉第一把，别人就能前进
        pay(accounts, source, target)
        locks[target].release()
        return True


if __name__ == "__main__":
    main(rounds("超时放手"))
