"""父子各自运行，先后不一定：同样的赛跑，父进程先写的有，子进程先写的也有。

运行：  python code/day5/fork_order.py [--numbers]
局限：  哪一种多，随机器和它忙不忙而变；要固定先后，只能让一方等另一方。
"""
import collections
import itertools
import os
import sys


def main():
    orders = collections.Counter()
    for number in itertools.count(1):
        orders[race()] += 1
        if (number >= 200 and len(orders) == 2) or number == 20_000:
            break
    if "--numbers" in sys.argv:
        counted = [f"{order} {times} 场" for order, times in sorted(orders.items())]
        print(f"{number} 场赛跑：", "，".join(counted))
    else:
        print("出现过的先后：", "、".join(sorted(orders)))


def race():
    """一场赛跑，父子都是 fork 一返回就写。返回谁先写，例如 “子父”。"""
    r, w = os.pipe()
    pid = os.fork()
    os.write(w, ("子" if pid == 0 else "父").encode())
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(w)
    with open(r, encoding="utf-8") as pipe:
        return pipe.read()


if __name__ == "__main__":
    main()
