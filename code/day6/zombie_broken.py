"""失败：只管创建子进程、从不回收，做一件事留下一个僵尸。

运行：  python code/day6/zombie_broken.py
局限：  这里只做 20 件；一直做下去，PID 用完，谁也不能再创建进程。
"""
import os
import signal


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # 不要别人遗传来的设置
    pids = [start(number) for number in range(20)]
    for pid in pids:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)    # 只看，不回收
    print("做完 20 件事，僵尸有", sum(map(is_zombie, pids)), "个")


def start(number):
    pid = os.fork()
    if pid == 0:
        os._exit(number)                              # 做第 number 件事
    return pid


def is_zombie(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    main()
