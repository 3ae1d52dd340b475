"""四个工作进程共用父进程的内存：RSS 每个都算一遍，PSS 按几个人用平分。

运行：  python code/day5/shared_pages.py
局限：  只在 Linux 上，数字来自 /proc/<pid>/smaps_rollup，凑成 32 MiB 的整数倍。
"""
import os

MIB = 1024 * 1024
SIZE, WORKERS = 128, 4


def main():
    data = bytearray(SIZE * MIB)
    for at in range(0, len(data), 4096):
        data[at] = 1                                  # 每一页都真的占住
    r, w = os.pipe()
    family = [os.getpid(), *(hire(r, w) for _ in range(WORKERS))]
    print("父进程的数据", SIZE, "MiB，一共", len(family), "个进程")
    for name in ("Rss", "Pss"):
        total = sum(memory(pid, name) for pid in family)
        print(f"{name} 加起来约", roughly(total), "MiB")
    os.close(w)                                       # 读到结尾，都结束
    for pid in family[1:]:
        os.waitpid(pid, 0)


def hire(r, w):
    pid = os.fork()
    if pid == 0:
        os.close(w)
        os.read(r, 1)                                 # 什么也不改，等着
        os._exit(0)
    return pid


def memory(pid, name):
    """smaps_rollup 里的一项，MiB。"""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        for line in rollup:
            if line.startswith(name + ":"):
                return int(line.split()[1]) / 1024


def roughly(mib):
    """解释器自己也占几 MiB：取到 32 的倍数。"""
    return round(mib / 32) * 32


if __name__ == "__main__":
    main()
