"""子进程的标准输入：multiprocessing 换成了 /dev/null，os.fork 不换。

运行：  echo 第一行 | python code/day6/stdin.py {os.fork,plain,reopened} [启动方法]
局限：  父子一起读同一个输入，谁读到哪一行不一定，所以通常由父进程读，再交给子进程。
"""
import multiprocessing
import os
import sys


def main(how="plain", method=None):
    if how == "os.fork":
        pid = os.fork()
        if pid == 0:
            plain()
            os._exit(0)
        os.waitpid(pid, 0)
    else:
        context = multiprocessing.get_context(method)
        target = {"plain": plain, "reopened": reopened}[how]
        process = context.Process(target=target)
        process.start()
        process.join()


def plain():
    try:
        print("input() 得到", input(), flush=True)
    except EOFError:
        path = os.readlink(f"/proc/self/fd/{sys.stdin.fileno()}")
        print("input() 抛出 EOFError，标准输入是", path, flush=True)


def reopened():
    sys.stdin = os.fdopen(0)    # 0 号描述符还是父进程的标准输入，三种启动方法都一样
    plain()


if __name__ == "__main__":
    main(*sys.argv[1:])
