"""忽略 SIGCHLD：子进程结束时内核直接丢弃它的退出状态，不留僵尸，父进程不必等。

运行：  python code/day6/sigchld.py
局限：  退出状态再也拿不到，subprocess 等也受影响，见 sigchld_broken.py。
"""
import os
import signal


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)     # 默认的处理
    old = start()
    os.waitid(os.P_PID, old, os.WEXITED | os.WNOWAIT)
    print("默认也是“忽略”，却留下僵尸", count([old]), "个")

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)     # 要明确写出来，内核才代为回收
    print("设置之前已有的僵尸，还有", count([old]), "个", flush=True)
    r, w = os.pipe()
    pids = [start(r) for _ in range(10)]    # 父进程没有等，10 个子进程都在运行
    print("父进程没有被阻塞，运行着的子进程有", count(pids), "个")
    os.write(w, b"x" * 10)                            # 现在让它们结束
    try:
        os.waitpid(pids[0], 0)
    except ChildProcessError as error:
        print("想取退出状态：", type(error).__name__)
    while count(pids):
        os.sched_yield()
    print("10 个子进程都结束了，僵尸有", count(pids), "个")

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.waitpid(old, 0)
    late = start(r)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # 写在 fork 之后、子进程结束之前
    os.write(w, b"x")
    while count([late]):
        os.sched_yield()
    print("在 fork 之后才设置，僵尸有", count([late]), "个")


def start(r=None):
    pid = os.fork()
    if pid == 0:
        if r is not None:
            os.read(r, 1)                             # 等父进程的许可才结束
        os._exit(0)
    return pid


def count(pids):
    """还在 /proc 里的有几个，活的和僵尸都算。"""
    return sum(os.path.exists(f"/proc/{pid}") for pid in pids)


if __name__ == "__main__":
    main()
