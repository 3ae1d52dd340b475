"""正确：所有线程按同一个顺序拿锁，破坏“环路等待”。

运行：  python code/day8/dead_lock_order.py --rounds 1000
局限：  要能给全部的锁排出一个顺序，而且人人遵守。
"""
import threading

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
    first, second = sorted((source, target))          # 不管谁转给谁，先后只看名字
    with locks[first]:
        meet(barrier)
        with locks[second]:
            pay(accounts, source, target)


if __name__ == "__main__":
    main(rounds("统一顺序"))
