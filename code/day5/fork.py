"""fork 一次，一个进程变成两个，都从 fork 返回的地方继续。

运行：  python code/day5/fork.py
局限：  父子谁先运行不一定，所以这里让父进程等子进程结束再打印。
"""
import os


def main():
    print("fork 之前，只有一个进程", flush=True)
    pid = os.fork()                                  # 调用一次，返回两次
    who = "子进程" if pid == 0 else "父进程"
    if pid > 0:
        os.waitpid(pid, 0)                           # 阻塞，直到子进程结束
    print(who, "：fork 返回", "0" if pid == 0 else "子进程的 PID", flush=True)
    if pid == 0:
        os._exit(0)                                  # 子进程到此为止
    print("子进程已经结束，只剩父进程")


if __name__ == "__main__":
    main()
