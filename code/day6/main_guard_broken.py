"""失败：没有 if __name__ == "__main__"，子进程导入这个文件时又要创建子进程。

运行：  python code/day6/main_guard_broken.py
局限：  用 fork（Linux 到 3.13 的默认）看不出这个错误；
        spawn（macOS、Windows 的默认）和 forkserver（Linux 从 3.14 起的默认）才会。
"""
import multiprocessing


def work():
    print("做事")


context = multiprocessing.get_context("spawn")
try:
    process = context.Process(target=work)
    process.start()
except RuntimeError as error:                         # 在子进程里
    name = type(error).__name__
    raise SystemExit(f"{name}：还没有准备好，又要创建进程") from None
process.join()
print("子进程的退出码", process.exitcode)
