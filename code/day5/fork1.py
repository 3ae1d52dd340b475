"""fork 的固定搭配：用返回值和 if 分开父子要做的事；各人改各人的变量。

运行：  python code/day5/fork1.py
局限：  能互不影响的只是普通内存，共享的东西见 fork_shared.py。
"""
import os
import sys


def main():
    money = 100
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        child(money)
    else:
        parent(pid, money)


def child(money):
    print("子进程看到父进程准备的", money)
    money -= 60                                      # 改的是子进程自己的那一份
    print("子进程花掉 60，还有", money, flush=True)
    os._exit(0)    # 不写这一句，子进程会继续执行父进程后面的代码


def parent(pid, money):
    os.waitpid(pid, 0)
    print("父进程等子进程结束，还有", money)


if __name__ == "__main__":
    main()
