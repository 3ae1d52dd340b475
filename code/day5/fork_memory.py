"""fork 不会马上复制内存：父子共用内存页，谁写一页，内核才为它复制那一页。

运行：  python code/day5/fork_memory.py
局限：  只在 Linux 上，数字来自 /proc/self/smaps_rollup。
"""
import os

MIB = 1024 * 1024
SIZE = 64 * MIB
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
    print("占着 64 MiB 的进程 fork，子进程独占约", roughly(before), "MiB")
    print("子进程写了其中一半，独占约", roughly(after), "MiB")
    print("父进程看到的，还是原来的", data.count(b"\x01") * PAGE // MIB, "MiB")


def roughly(mib):
    """按 8 MiB 取整：解释器自己也写几页。"""
    return round(mib / 8) * 8


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
