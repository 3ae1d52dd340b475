"""正确：创建进程的代码放在 if __name__ == "__main__" 里面，导入时不执行。

运行：  python code/day6/main_guard_fixed.py
"""
import multiprocessing


def work():
    print("做事")


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=work)
    process.start()
    process.join()
    print("子进程的退出码", process.exitcode)
