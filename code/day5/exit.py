"""sys.exit 和 os._exit：各自留下什么退出状态，清理代码执行了没有。

运行：  python code/day5/exit.py
"""
import atexit
import os
import subprocess
import sys
import threading


def sys_exit_nothing():
    sys.exit()


def sys_exit_number():
    sys.exit(3)


def sys_exit_text():
    sys.exit("磁盘满了")                             # 打印到标准错误，状态是 1


def sys_exit_256():
    sys.exit(256)                                    # 状态只有一个字节


def sys_exit_in_thread():
    thread = threading.Thread(target=sys.exit, args=(3,))
    thread.start()                                   # 只结束那个线程
    thread.join()


def sys_exit_caught():
    try:
        sys.exit(3)
    except SystemExit:                               # 它只是一个异常
        print("拦住了 SystemExit", end=" ")


def os_exit_number():
    os._exit(3)    # 立刻结束：没有 finally、没有 atexit、不刷新缓冲区


ENDINGS = (sys_exit_nothing, sys_exit_number, sys_exit_text, sys_exit_256,
           sys_exit_in_thread, sys_exit_caught, os_exit_number)


def main(ending=None):
    if ending:
        atexit.register(print, "atexit 执行了")
        try:
            print("缓冲区里的话", end=" ")
            globals()[ending]()
        finally:
            print("finally 执行了", end=" ")
        return
    for function in ENDINGS:
        command = [sys.executable, __file__, function.__name__]
        done = subprocess.run(command, capture_output=True, encoding="utf-8")
        said = f"输出 [{done.stdout.strip()}]"
        if done.stderr:
            said += f"，标准错误 [{done.stderr.strip()}]"
        print(f"{function.__name__:19} 状态 {done.returncode}，{said}")


if __name__ == "__main__":
    main(*sys.argv[1:])
