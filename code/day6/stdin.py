"""子进程的标准输入：multiprocessing 换成了 /dev/null，os.fork 不换；要用可以自己打开。

运行：  printf '第一行\\n' | python code/day6/stdin.py {plain,reopened,fork}
局限：  父子一起读同一个输入，谁读到哪一行不一定，所以通常由父进程读，再交给子进程。
"""
import multiprocessing
import os
import sys


def main(how):
    if how == "fork":
        pid = os.fork()
        if pid == 0:
            plain()
            os._exit(0)
        os.waitpid(pid, 0)
    else:
        context = multiprocessing.get_context("fork")    # 只有 fork 留着父进程的 0 号描述符
        process = context.Process(target={"plain": plain, "reopened": reopened}[how])
        process.start()
        process.join()


def plain():
    try:
        print("input() 得到", input(), flush=True)
    except EOFError:
        print("input() 抛出 EOFError，标准输入是", os.readlink(f"/proc/self/fd/{sys.stdin.fileno()}"), flush=True)


def reopened():
    sys.stdin = os.fdopen(0)                          # 0 号描述符还是父进程的标准输入
    plain()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "plain")
