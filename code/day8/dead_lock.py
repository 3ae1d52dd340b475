"""真的死锁：每个线程拿着一把锁，等下一个线程手里的那把，看门狗画出等待图。

运行：  python code/day8/dead_lock.py 甲 乙 丙
局限：  barrier 让死锁必然发生；没有它，程序可能一万次都正常，下一次停住。
"""
import sys
import threading

from dead_lock_common import NamedLock, pay, run_threads, start_watchdog


def main(names):
    accounts = dict.fromkeys(names, 1000)
    locks = {name: NamedLock("锁" + name) for name in names}
    barrier = threading.Barrier(len(names))
    start_watchdog()
    targets = names[1:] + names[:1]                   # 甲→乙，乙→丙，丙→甲
    run_threads(*[(transfer, source, target, accounts, locks, barrier)
                  for source, target in zip(names, targets, strict=True)])
    print("转账都完成了", accounts)


def transfer(source, target, accounts, locks, barrier):
    with locks[source]:                               # 先锁转出的账户
        barrier.wait()                                # 每个线程都拿到了第一把
        with locks[target]:                           # 再锁转入的账户：永远等不到
            pay(accounts, source, target)


if __name__ == "__main__":
    main(sys.argv[1:] or ["甲", "乙"])
