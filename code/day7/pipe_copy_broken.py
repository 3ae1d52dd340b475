"""失败：第二个工作进程也有第一个的写端，第一个永远读不到结尾。

运行：  python code/day7/pipe_copy_broken.py
局限：  subprocess 和 exec 会关掉多余的描述符，只有 fork 才会这样。
"""
import os
import select


def main():
    workers = []
    for _ in range(2):
        workers.append(hire())
    first, second = workers
    os.close(first[1])                                # 第一个没有事做了
    print("关了第一个的写端，它", "下班了" if ended(first[0]) else "还在等")
    os.close(second[1])
    for pid, _ in workers:
        os.waitpid(pid, 0)
    print("关了第二个的写端，两个都下班了")


def hire():
    """返回（工作进程的 PID，给它派活的写端）。"""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(w)                                   # 自己的写端
        while os.read(r, 100):                        # 做到没有活为止
            pass
        os._exit(0)
    os.close(r)
    return pid, w


def ended(pid):
    """最多等 1 秒：结束了没有。"""
    descriptor = os.pidfd_open(pid)
    ready, _, _ = select.select([descriptor], [], [], 1)
    os.close(descriptor)
    return bool(ready)


if __name__ == "__main__":
    main()
