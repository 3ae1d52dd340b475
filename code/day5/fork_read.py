"""只读不写，内存页也可能被复制：读一个对象，CPython 要改它的引用计数。

运行：  python code/day5/fork_read.py
局限：  只在 Linux 上，数字来自 /proc/self/smaps_rollup；
        不带 GIL 的构建计数的办法不同。
"""
import gc
import os
import sys

MANY = 1_000_000
floats = list(map(float, range(MANY)))               # 一百万个各不相同的对象
before = sys.getrefcount(None)
nones = [None] * MANY                                # 一百万次都是同一个对象
counted = sys.getrefcount(None) - before


def main():
    print("子进程读一百万个小数，多占", grown(lambda: sum(x < 0 for x in floats)))
    print("子进程读一百万个 None，多占", grown(lambda: sum(x == 0 for x in nones)))
    same = (counted < 1000) == (sys.version_info >= (3, 12))
    print("None 的引用计数 3.12 起不再改：", "相符" if same else counted)
    keep = [[] for _ in range(MANY)]
    print("子进程回收垃圾，多占", grown(gc.collect))
    gc.freeze()                                      # 已有的对象从此不归垃圾回收管
    print("先 gc.freeze() 再 fork，多占", grown(gc.collect))
    print("列表都还在，有", len(keep), "个")


def grown(work):
    """在一个子进程里执行 work，它独占的内存多了多少。"""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        before = private()
        work()
        os.write(w, str(private() - before).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(w)
    with open(r) as pipe:
        mib = int(pipe.read())
    return "不到 2 MiB" if mib < 2 else "20 MiB 以上" if mib >= 20 else f"{mib} MiB"


def private():
    with open("/proc/self/smaps_rollup") as rollup:
        for line in rollup:
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
