"""造出各种状态的进程，像 ps 那样从 /proc/<pid>/stat 读出 STAT 列。

运行：  python code/day5/states.py
局限：  D（不可中断的等待）很短，造不出来；< 要 root。在终端里运行，前几行也带 +。
"""
import os
import pty
import signal
import subprocess
import threading
import time


def main():
    jobs = {
        "睡眠": start(sleep),
        "计算": start(compute),
        "同一个核上又一个计算": start(compute),
        "同一个核上还有一个计算": start(compute),
        "停止（SIGSTOP）": start(stop),
        "已经结束": start(int),
        "谦让（nice）": start(be_nice),
        "会话首领": start(lead_a_session),
        "两个线程": start(two_threads),
        "终端的前台进程": start_in_terminal(sleep),
    }
    try:
        mine, ps = settle(jobs.values())
    finally:
        for pid in jobs.values():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    for name, letters in zip(jobs, mine, strict=True):
        print(f"{letters:4}{name}")
    same = sum(ours == theirs for ours, theirs in zip(mine, ps, strict=True))
    print("和 ps 打印的 STAT 一样的有", same, "个")


def settle(pids):
    """等它们都到达自己的状态，ps 也看到了；十秒以后不再等。"""
    wanted = ["S", "R", "R", "R", "T", "Z", "SN", "Ss", "Sl", "Ss"]
    deadline = time.monotonic() + 10
    while True:
        mine, ps = [stat(pid) for pid in pids], ps_stat(pids)
        arrived = [letters.rstrip("+") for letters in mine] == wanted
        if (arrived and ps == mine) or time.monotonic() > deadline:
            return mine, ps


def stat(pid):
    with open(f"/proc/{pid}/stat") as file:
        state, *rest = file.read().rpartition(")")[2].split()  # 程序名里可能有括号
    numbers = list(map(int, rest))
    group, session, foreground = numbers[1], numbers[2], numbers[4]
    nice, threads = numbers[15], numbers[16]
    flags = {"<": nice < 0, "N": nice > 0, "s": session == pid,
             "l": threads > 1, "+": foreground == group}
    return state + "".join(flag for flag in flags if flags[flag])


def ps_stat(pids):
    command = ["ps", "-o", "pid=,stat=", "-p", ",".join(map(str, pids))]
    text = subprocess.run(command, capture_output=True, text=True).stdout
    found = dict(line.split() for line in text.splitlines())
    return [found.get(str(pid)) for pid in pids]


def start(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def start_in_terminal(work):
    pid, _ = pty.fork()    # 子进程是会话首领，有一个自己的终端
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def sleep():
    time.sleep(60)


def compute():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    while True:
        pass


def stop():
    os.kill(os.getpid(), signal.SIGSTOP)


def be_nice():
    os.nice(10)
    time.sleep(60)


def lead_a_session():
    os.setsid()
    time.sleep(60)


def two_threads():
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    time.sleep(60)


if __name__ == "__main__":
    main()
