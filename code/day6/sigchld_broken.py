"""失败：忽略 SIGCHLD 以后，subprocess 把失败的命令报告成成功。

运行：  python code/day6/sigchld_broken.py
局限：  os.system 得到 -1，multiprocessing 的 fork 和 spawn 得到 None，一样不可信；
        forkserver 的子进程由服务进程回收，不受影响。
"""
import multiprocessing
import os
import signal
import subprocess
import sys


def main():
    avoid_zombies()
    failing = [sys.executable, "-c", "raise SystemExit(1)"]
    print("失败的命令，返回码：", subprocess.run(failing).returncode)
    print("os.system：", os.system("exit 3"))
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        process = context.Process(target=sys.exit, args=(3,))
        process.start()
        process.join()
        print(f"multiprocessing 的 {method}：", process.exitcode)
    # Python 3.13.5 退出的时候还要 wait 自己的一个子进程
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def avoid_zombies():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


if __name__ == "__main__":
    main()
