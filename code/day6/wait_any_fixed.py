"""正确：用 waitpid 指明等哪一个子进程，别人的孩子不动。

运行：  python code/day6/wait_any_fixed.py
"""
import os
import signal
import subprocess
import sys


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # 不要别人遗传来的设置
    command = subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"])
    wait_for_my_child()
    print("失败的命令，subprocess 报告的返回码是", command.wait())


def wait_for_my_child():
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(r, 1)                                 # 这个孩子结束得晚
        os._exit(0)
    os.write(w, b"x")
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
