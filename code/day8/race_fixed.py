"""正确：读、加、写放在同一把锁里，做多少轮余额都是 2 元。

运行：  python code/day8/race_fixed.py --rounds 1000
局限：  锁只对申请它的线程有效，别处不上锁就改余额，照样会丢。
"""
import argparse
import contextlib
import threading

WAIT = 0.001                                          # 另一个线程在等锁，不会来
lock = threading.Lock()


def main(rounds=1):
    balances = [two_deposits() for _ in range(rounds)]
    print(f"{rounds} 轮，每轮应为 2 元，余额是", sorted(set(balances)))


def two_deposits():
    account = {"余额": 0}
    barrier = threading.Barrier(2)
    threads = [threading.Thread(target=deposit, args=(account, barrier))
               for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return account["余额"]


def deposit(account, barrier):
    with lock:                                        # 临界区：一次只进一个线程
        balance = account["余额"]                     # 读
        switch(barrier)
        account["余额"] = balance + 1                 # 加，写


def switch(barrier):
    """把 CPU 让给另一个线程，直到它也走到这里；它来不了就继续。"""
    with contextlib.suppress(threading.BrokenBarrierError):
        barrier.wait(WAIT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="不丢失的更新")
    parser.add_argument("--rounds", type=int, default=1, help="做几轮")
    main(parser.parse_args().rounds)
