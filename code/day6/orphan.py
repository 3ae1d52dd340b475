"""父进程先结束，子进程成为孤儿，被系统收养；收养者不一定是 1 号进程。

运行：  python code/day6/orphan.py
局限：  PR_SET_CHILD_SUBREAPER 只有 Linux 有，借 ctypes 调用 prctl(2)。
"""
import ctypes
import os
import signal

PR_SET_CHILD_SUBREAPER = 36


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # 不要别人遗传来的设置
    me = os.getpid()
    parent, adopter = make_orphan()
    print("孤儿先后有", len({parent, adopter}), "个父进程")
    known = adopter == 1 or adopter in ancestors(me)
    print("收养者是", "1 号进程，或者我的一个祖先" if known else adopter)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    parent, adopter = make_orphan()
    who = "我" if adopter == me else adopter
    print("我声明愿意收养（sub-reaper）以后，收养者是", who)
    _, status = os.wait()                            # 收养了就要回收
    print("孤儿由我回收，退出码", os.waitstatus_to_exitcode(status))


def make_orphan():
    """返回（孤儿原来的父进程，收养它的进程）。"""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        parent = os.getpid()
        if os.fork() == 0:
            while os.getppid() == parent:                # 等到父进程结束、被收养
                os.sched_yield()
            os.write(w, f"{os.getppid()}".encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(w)
    with open(r) as pipe:    # 读到孤儿也关闭它的那一端，即它也结束
        return pid, int(pipe.read())


def ancestors(pid):
    found = []
    while pid:
        with open(f"/proc/{pid}/stat") as stat:
            pid = int(stat.read().rpartition(")")[2].split()[1])
        found.append(pid)
    return found


if __name__ == "__main__":
    main()
