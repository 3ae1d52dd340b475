"""一个线程崩溃，整个进程都没了；一个子进程崩溃，父进程照常。

运行：  python code/day8/crash.py thread
        python code/day8/crash.py process
局限：  这里故意读地址 0；Python 代码抛异常不算崩溃，只有 C 代码出错才会。
"""
import argparse
import ctypes
import multiprocessing
import resource
import threading


def main(kind):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # 不留下 core 文件
    if kind == "thread":
        worker = threading.Thread(target=crash)
    else:
        worker = multiprocessing.get_context("fork").Process(target=crash)
    print("启动", flush=True)
    worker.start()
    worker.join()
    print("主线程还在，子进程的退出状态", worker.exitcode)


def crash():
    ctypes.string_at(0)                               # 段错误（SIGSEGV）


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="崩溃会牵连谁")
    parser.add_argument("kind", choices=("thread", "process"))
    main(parser.parse_args().kind)
