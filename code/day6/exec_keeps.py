"""exec 以后什么还在：准备好七样东西，换成同一个脚本，看看还剩什么。

运行：  python code/day6/exec_keeps.py
"""
import os
import signal
import sys
import threading

SCRIPT = os.path.abspath(__file__)


def main():
    os.chdir("/")
    os.environ["COLOUR"] = "green"
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.signal(signal.SIGUSR2, lambda *_: None)
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    plain, inheritable = os.pipe()
    os.set_inheritable(inheritable, True)
    numbers = map(str, (plain, inheritable))
    os.execv(sys.executable, [sys.executable, SCRIPT, *numbers])


def look(plain, inheritable):
    print("工作目录            ", os.getcwd())
    print("环境变量 COLOUR     ", os.environ.get("COLOUR"))
    print("忽略了的 SIGUSR1    ", signal.getsignal(signal.SIGUSR1).name)
    print("有处理函数的 SIGUSR2", signal.getsignal(signal.SIGUSR2).name)
    print("线程                ", len(os.listdir("/proc/self/task")), "个")
    print("可继承的描述符      ", state(inheritable))
    print("普通的描述符        ", state(plain))


def state(number):
    try:
        os.fstat(int(number))
        return "还开着"
    except OSError as error:
        return error.strerror


if __name__ == "__main__":
    look(*sys.argv[1:]) if sys.argv[1:] else main()
