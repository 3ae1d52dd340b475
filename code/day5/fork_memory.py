"""fork 不会马上复制内存：父子共用同一批内存页，谁写一页，内核才为它复制那一页（copy on write）。

运行：  python code/day5/fork_memory.py
局限：  只在 Linux 上，数字来自 /proc/self/smaps_rollup。
"""
import os

SIZE = 64 * 1024 * 1024
PAGE = 4096


def main():
    data = bytearray(SIZE)
    touch(data, SIZE)                                # 真的占住 64 MiB
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        before = private()
        touch(data, SIZE // 2)                       # 写一半的页
        os.write(w, f"{before} {private()}".encode())
        os._exit(0)
    os.waitpid(pid, 0)
    before, after = map(int, os.read(r, 100).split())
    print("fork 之后，子进程独占的内存不到 8 MiB：", before < 8)
    print("写了 32 MiB 之后，独占的增加了 30 到 40 MiB：", 30 <= after - before <= 40)
    print("父进程的数据没有变：", data[::PAGE] == b"\x01" * (SIZE // PAGE))


def touch(data, size):
    for at in range(0, size, PAGE):
        data[at] = 1 if data[at] == 0 else 2


def private():
    with open("/proc/self/smaps_rollup") as rollup:
        for line in rollup:
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
