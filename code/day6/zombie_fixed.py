"""正确：每做一件事，顺手用 WNOHANG 回收已经结束的子进程；最后等剩下的。

运行：  python code/day6/zombie_fixed.py
"""
import contextlib
import os
import signal


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # 不要别人遗传来的设置
    pids = []
    for number in range(20):
        pids.append(start(number))
        reap(os.WNOHANG)                              # 不阻塞：没有结束的就算了
    reap(0)                                           # 没有别的事了，阻塞着等剩下的
    print("做完 20 件事，僵尸有", sum(map(is_zombie, pids)), "个")


def start(number):
    pid = os.fork()
    if pid == 0:
        os._exit(number)                              # 做第 number 件事
    return pid


def reap(options):
    with contextlib.suppress(ChildProcessError):      # 一个子进程也没有了
        while os.waitpid(-1, options)[0]:             # (0, 0)：都还没有结束
            pass


def is_zombie(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    main()
