"""离开运行态的两条路：自己去等，时间片用完被换下。内核都数着。

运行：  python code/day5/switches.py
局限：  为了一定有竞争，父子两个进程都限制在同一个核上。
"""
import os
import signal
import time


def main():
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    pid = os.fork()
    if pid == 0:
        while True:                                  # 竞争者，一直想要 CPU
            pass
    try:
        report("睡 100 次，每次 1 毫秒", sleep_often)
        begun = time.process_time()
        times = report("计算 0.5 秒，从不去等", compute)
        slice_ms = (time.process_time() - begun) / max(1, times) * 1000
        long = "不到 50 毫秒" if slice_ms < 50 else f"{slice_ms:.0f} 毫秒"
        print("平均连续运行", long, "就被换下")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def report(title, work):
    before = switches()
    work()
    after = switches()
    waited, preempted = after[0] - before[0], after[1] - before[1]
    many = ("不少于 100" if waited >= 100 else
            "少于 10" if waited < 10 else "10 到 99")
    most = ("运行→等待" if waited > 3 * preempted else
            "运行→就绪" if preempted > 3 * waited else "两种都有")
    print(f"{title}：运行→等待{many} 次，离开核多半是{most}")
    return preempted


def sleep_often():
    for _ in range(100):
        time.sleep(0.001)


def compute():
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        pass


def switches():
    with open("/proc/self/status") as status:
        found = dict(line.split(":") for line in status if "ctxt_switches" in line)
    names = "voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"
    return [int(found[name]) for name in names]


if __name__ == "__main__":
    main()
