"""启动一个程序要多久：fork + exec 要先抄页表，posix_spawn 和 subprocess 不用。

运行：  python code/day6/spawn_cost.py
局限：  只在这台机器上，只看耗时的中位数；透明大页会使页表小得多。
"""
import os
import shutil
import statistics
import subprocess
import time

TRUE = [shutil.which("true")]


def main(rounds=15):
    for megabytes in (0, 100):
        ballast = b"\1" * (megabytes << 20)               # 每一页都真的写过
        costs = {way.__name__: cost(way, rounds) for way in WAYS}
        print(f"父进程多占 {len(ballast) >> 20:3} MB：", end="")
        print("，".join(f"{name} {ms:.1f} 毫秒" for name, ms in costs.items()))
        del ballast


def cost(way, rounds):
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        way()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent) * 1000


def fork_exec():
    pid = os.fork()
    if pid == 0:
        os.execv(TRUE[0], TRUE)
    os.waitpid(pid, 0)


def posix_spawn():
    os.waitpid(os.posix_spawn(TRUE[0], TRUE, os.environ), 0)


def popen():
    subprocess.run(TRUE)


WAYS = fork_exec, posix_spawn, popen

if __name__ == "__main__":
    main()
