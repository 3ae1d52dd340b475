"""失败：os.wait 等的是任意一个子进程，抢走了 subprocess 的孩子，错误被当成成功。

运行：  python code/day6/wait_any_broken.py
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
    os.wait()                                         # 回收的是先结束的那一个
    os.write(w, b"x")
    os.wait()


if __name__ == "__main__":
    main()
