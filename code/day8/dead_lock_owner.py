"""正确：账户只由一个线程修改，别的线程把请求排进队列，破坏“互斥”。

运行：  python code/day8/dead_lock_owner.py --rounds 1000
局限：  修改全部由一个线程做，快慢由它决定；要结果的人得等它回话。
"""
import queue
import threading

from dead_lock_common import meet, pay, rounds, run_threads

accounts = {"甲": 1000, "乙": 1000}
jobs = queue.Queue()


def main(count):
    owner = threading.Thread(target=work)
    owner.start()
    for _ in range(count):
        barrier = threading.Barrier(2)
        run_threads((transfer, "甲", "乙", barrier),
                    (transfer, "乙", "甲", barrier))
    jobs.put(None)
    owner.join()
    print(f"{count} 轮都完成了", accounts)


def transfer(source, target, barrier):
    meet(barrier)
    jobs.put((source, target))                        # 没有可争的锁，交出去就走


def work():
    while job := jobs.get():
        source, target = job
        pay(accounts, source, target)


if __name__ == "__main__":
    main(rounds("只有一个主人"))
