"""fork 失败时抛出 OSError，不返回负数。

运行：  python code/day5/fork_fails.py
局限：  在子进程里把进程数的上限调到 1；root 不受这个上限管，所以先换成 nobody。
"""
import os
import resource


def main():
    pid = os.fork()
    if pid == 0:
        try:
            try_to_fork()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def try_to_fork():
    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
    if os.getuid() == 0:
        os.setuid(65534)
    try:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        print("成功，没有碰到上限", flush=True)
    except OSError as error:
        name = type(error).__name__
        print(f"失败，抛出 {name}，errno 是 {error.errno}", flush=True)


if __name__ == "__main__":
    main()
