"""正确：要么一次拿到全部，要么一个也不占着等，破坏“请求和保持”。

运行：  python code/day8/dead_lock_all_at_once.py --rounds 1000
局限：  要事先知道需要哪些；占的时间变长，需要很多资源的线程可能老是轮不到（饥饿）。
"""
import threading

from dead_lock_common import meet, pay, rounds, run_threads

accounts = {"甲": 1000, "乙": 1000}
free = set(accounts)                                  # 没有人占用的账户
changed = threading.Condition()


def main(count):
    for _ in range(count):
        barrier = threading.Barrier(2)
        run_threads((transfer, "甲", "乙", barrier),
                    (transfer, "乙", "甲", barrier))
    print(f"{count} 轮都完成了", accounts)


def transfer(source, target, barrier):
    with changed:
        changed.wait_for(lambda: free >= {source, target})   # 等的时候什么也不占
        free.difference_update((source, target))
    meet(barrier)
    pay(accounts, source, target)
    with changed:
        free.update((source, target))
        changed.notify_all()


if __name__ == "__main__":
    main(rounds("一次拿全"))
