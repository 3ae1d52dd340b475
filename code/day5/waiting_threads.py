"""128 个线程一起等：映射了 1 GiB 的栈，真的占的很少，CPU 时间几乎没有。

运行：  python code/day5/waiting_threads.py
局限：  只在 Linux 上，数字来自 /proc/self/status。
"""
import threading
import time

MANY, STACK = 128, 8 * 1024 * 1024


def main():
    threading.stack_size(STACK)                       # Linux 上通常就是这么多
    before, gate = memory(), threading.Event()
    threads = [threading.Thread(target=gate.wait) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    after, used = memory(), time.process_time()
    time.sleep(0.5)                                   # 大家都在等
    used = time.process_time() - used
    mapped, taken = (after[name] - before[name] for name in ("VmSize", "VmRSS"))
    big = "1 GiB 以上" if mapped >= 1000 else f"{mapped} MiB"
    small = "不到 32 MiB" if taken < 32 else f"{taken} MiB"
    print(f"{MANY} 个线程，映射了 {big}")
    print("真的占了", small)
    little = "不到 0.05 秒" if used < 0.05 else f"{used:.2f} 秒"
    print("等半秒，用掉的 CPU 时间", little)
    gate.set()
    for thread in threads:
        thread.join()


def memory():
    """VmSize、VmRSS……各多少 MiB。"""
    with open("/proc/self/status") as status:
        lines = [line.split() for line in status if line.startswith("Vm")]
    return {name.rstrip(":"): int(size) // 1024 for name, size, _ in lines}


if __name__ == "__main__":
    main()
