"""创建二级子进程：它成为孤儿，由收养者回收，父进程不必等它。

运行：  python code/day6/child.py
局限：  父进程从此不知道二级子进程的结果。
"""
import os
import signal


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # 不要别人遗传来的设置
    r, w = os.pipe()
    start_grandchild(w)
    left = "再没有子进程" if has_no_child() else "还有子进程"
    print("父进程：一级子进程已经回收，", left)
    print("父进程和二级子进程各做各的事")
    os.close(w)
    with open(r, encoding="utf-8") as pipe:           # 读到二级子进程结束
        print(pipe.read())


def start_grandchild(w):
    pid = os.fork()
    if pid == 0:    # 一级子进程：做完下面两行就结束
        me = os.getpid()
        if os.fork() == 0:
            work(me, w)
        os._exit(0)
    os.waitpid(pid, 0)                                # 几乎不用等


def work(parent, w):
    while os.getppid() == parent:                     # 等一级子进程结束
        os.sched_yield()
    os.write(w, "二级子进程：父进程已经换成收养者，事情做完了".encode())


def has_no_child():
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


if __name__ == "__main__":
    main()
