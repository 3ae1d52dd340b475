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
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # “忽略”会遗传，要写明
    failing = [sys.executable, "-c", "raise SystemExit(1)"]
    print("失败的命令，返回码：", subprocess.run(failing).returncode)
    print("os.system：", os.system("exit 3"))
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        process = context.Process(target=sys.exit, args=(3,))
        process.start()
        process.join()
        print(f"multiprocessing 的 {method}：", process.exitcode)


if __name__ == "__main__":
    main()
