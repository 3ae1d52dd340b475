"""失败：想要三个子进程，在循环里 fork 三次，来了七个：子进程也接着循环。

运行：  python code/day5/workers_broken.py
"""
import contextlib
import os


def main():
    r, w = os.pipe()
    born = hire(3)
    os.write(w, f"{born} {os.getpid()} {os.getppid()}\n".encode())
    with contextlib.suppress(ChildProcessError):     # 一个子进程也没有了
        while True:
            os.wait()
    if born:
        os._exit(0)
    os.close(w)
    with open(r) as pipe:
        family = sorted(tuple(map(int, line.split())) for line in pipe)
    print("想要 3 个子进程，多出来", len(family) - 1, "个进程")
    print("父进程")
    draw(family, os.getpid())


def hire(count):
    """创建 count 个子进程。返回自己是第几次 fork 创建的，父进程得到 0。"""
    born = 0
    for number in range(1, count + 1):
        if os.fork() == 0:
            born = number
    return born


def draw(family, parent, depth=1):
    """画出 parent 的子进程，每个下面再画它的子进程。"""
    for born, pid, ppid in family:
        if ppid == parent:
            print("    " * depth + f"第 {born} 次 fork 创建的")
            draw(family, pid, depth + 1)


if __name__ == "__main__":
    main()
