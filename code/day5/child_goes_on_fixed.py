"""正确：子进程无论如何以 os._exit 结束，谁也拦不住。

运行：  python code/day5/child_goes_on_fixed.py
局限：  run_cells 模仿笔记本的内核：它接住单元格抛出的一切，再等下一个单元格。
"""
import contextlib
import os
import traceback

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
        status = 1                                   # 出了异常，父进程也要知道
        try:
            print("子进程做它的事", flush=True)
            status = 0
        except BaseException:
            traceback.print_exc()                    # os._exit 不会替你打印
        finally:
            os._exit(status)
    os.waitpid(pid, 0)


def next_cell():
    where = "内核里" if os.getpid() == KERNEL else "多出来的子进程里"
    print("下一个单元格执行了一次，在", where, flush=True)


if __name__ == "__main__":
    main()
