"""会停住的服务器之一：转账。发来“甲 乙”，从甲的账户转 1 元给乙。

运行：  python code/day10/hung_1.py --port 9000
局限：  故意有毛病；先从外面看出来，再读代码。
"""
import threading
import time

from hung_common import run

BALANCE = {name.encode(): 100 for name in "甲乙"}
LOCKS = {name: threading.Lock() for name in BALANCE}


def transfer(line):
    names = line.split()
    if sorted(names) != sorted(BALANCE):
        return b"?"
    giver, taker = names
    with LOCKS[giver]:
        time.sleep(0.1)                               # 查一查今天的限额
        with LOCKS[taker]:
            BALANCE[giver] -= 1
            BALANCE[taker] += 1
    return b"ok"


if __name__ == "__main__":
    run(transfer)
