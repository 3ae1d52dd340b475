"""忽略 SIGCHLD：子进程结束时内核直接丢弃它的退出状态，不留僵尸，父进程不必等。

运行：  python code/day6/sigchld.py
局限：  退出状态再也拿不到，subprocess 等也受影响，见 sigchld_broken.py。
"""
import os
import signal


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)     # 默认的处理；启动它的程序若忽略着，那会遗传
    old = start()
    os.waitid(os.P_PID, old, os.WEXITED | os.WNOWAIT)
    print("默认也是“忽略”，却留下僵尸：", exists(old))

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)     # 要明确写出来，内核才代为回收
    print("设置之前已有的僵尸还在：", exists(old), flush=True)
    r, w = os.pipe()
    pids = [start(r) for _ in range(10)]              # 父进程没有等，10 个子进程都在运行
    print("父进程没有被阻塞，子进程都还在：", all(map(exists, pids)))
    os.write(w, b"x" * 10)                            # 现在让它们结束
    try:
        os.waitpid(pids[0], 0)
    except ChildProcessError as error:
        print("想取退出状态：", type(error).__name__)
    while any(map(exists, pids)):
        os.sched_yield()
    print("10 个子进程都没有成为僵尸")

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.waitpid(old, 0)
    late = start(r)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)     # 写在 fork 之后、子进程结束之前
    os.write(w, b"x")
    while exists(late):
        os.sched_yield()
    print("在 fork 之后才设置，僵尸有", int(exists(late)), "个")


def start(r=None):
    pid = os.fork()
    if pid == 0:
        if r is not None:
            os.read(r, 1)                             # 等父进程的许可才结束
        os._exit(0)
    return pid


def exists(pid):
    return os.path.exists(f"/proc/{pid}")


if __name__ == "__main__":
    main()
