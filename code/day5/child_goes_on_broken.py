"""失败：子进程用 sys.exit 结束，被外层的循环拦住，从此多出一个进程执行后面的一切。

运行：  python code/day5/child_goes_on_broken.py
局限：  run_cells 模仿笔记本的内核：它接住单元格抛出的一切，再等下一个单元格。
"""
import contextlib
import os
import sys

KERNEL = os.getpid()


def main():
    run_cells(fork_cell, next_cell)


def run_cells(*cells):
    for cell in cells:
        with contextlib.suppress(SystemExit):        # 内核不会因为一个单元格而退出
            cell()


def fork_cell():
    pid = os.fork()
    if pid == 0:
        sys.exit()                                   # 以为子进程到此为止
    os.waitpid(pid, 0)


def next_cell():
    where = "内核里" if os.getpid() == KERNEL else "多出来的子进程里"
    print("下一个单元格执行了一次，在", where, flush=True)


if __name__ == "__main__":
    main()
