"""失败：两个线程各存 1 元，余额只多了 1 元，另一次更新丢了。

运行：  python code/day8/race_broken.py --rounds 1000
局限：  切换本来由系统决定，这里用 barrier 让它必然发生在“读”和“写”之间。
"""
import argparse
import contextlib
import threading

WAIT = 5                                              # 最多等另一个线程几秒


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
    balance = account["余额"]                         # 读
    switch(barrier)
    account["余额"] = balance + 1                     # 加，写：用的是旧数


def switch(barrier):
    """把 CPU 让给另一个线程，直到它也走到这里；它来不了就继续。"""
    with contextlib.suppress(threading.BrokenBarrierError):
        barrier.wait(WAIT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="丢失的更新")
    parser.add_argument("--rounds", type=int, default=1, help="做几轮")
    main(parser.parse_args().rounds)
