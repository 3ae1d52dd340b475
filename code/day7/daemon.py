"""daemon=True 的子进程，只有父进程正常结束时才会一起结束。

运行：  python code/day7/daemon.py
局限：  它是父进程退出前的一段 Python 代码做的，被 SIGKILL 时没有机会执行。
"""
import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time


def main():
    for daemon in (True, False):
        for ending in ("return", "os._exit", "SIGKILL"):
            seen = observe(daemon, ending)
            what = "设了 daemon" if daemon else "没有设"
            print(f"{what}，父进程以 {ending} 结束：{seen}", flush=True)


def observe(daemon, ending):
    """父进程结束以后，子进程是否还活着；或者父进程在等它。"""
    argv = [sys.executable, __file__, str(daemon), ending]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        try:
            parent.wait(0.5 if not daemon and ending == "return" else None)
            result = "子进程成了孤儿，还活着" if alive(child) else "子进程跟着结束"
        except subprocess.TimeoutExpired:
            result = "父进程不结束，等着子进程"
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return result


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def parent(daemon, ending):
    process = multiprocessing.Process(target=time.sleep, args=(60,), daemon=daemon)
    process.start()
    print(process.pid, flush=True)
    if ending == "os._exit":
        os._exit(0)
    if ending == "SIGKILL":
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        parent(sys.argv[1] == "True", sys.argv[2])
    else:
        main()
