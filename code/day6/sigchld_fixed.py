"""正确：用默认的处理，谁创建子进程谁回收它（subprocess.run、join 都会回收）。

运行：  python code/day6/sigchld_fixed.py
局限：  os.system 的返回值是 wait 的 status，3 号退出码写作 768。
"""
import multiprocessing
import os
import signal
import subprocess
import sys


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)     # 忽略会遗传：启动它的程序忽略着，它一出生就忽略着
    print("失败的命令，返回码：", subprocess.run([sys.executable, "-c", "raise SystemExit(1)"]).returncode)
    print("os.system：", os.system("exit 3"))
    for method in ("fork", "spawn", "forkserver"):
        process = multiprocessing.get_context(method).Process(target=sys.exit, args=(3,))
        process.start()
        process.join()
        print(f"multiprocessing 的 {method}：", process.exitcode)


if __name__ == "__main__":
    main()
