"""从外面结束一个子进程：terminate 和 kill 不让它收拾，interrupt 像 Ctrl-C。

运行：  python code/day7/end_child.py
局限：  3.13 及以前没有 interrupt，自己发 SIGINT 是一样的。
"""
import multiprocessing
import os
import signal
import sys
import time


def main():
    for how in (terminate, kill, interrupt):
        ready, tidied = multiprocessing.Event(), multiprocessing.Event()
        process = multiprocessing.Process(target=work, args=(ready, tidied))
        process.start()
        ready.wait()
        how(process)
        process.join()
        said = "执行了" if tidied.is_set() else "没有执行"
        print(f"{how.__name__:9} 退出码 {process.exitcode}，finally {said}")


def terminate(process):
    process.terminate()                               # SIGTERM


def kill(process):
    process.kill()                                    # SIGKILL


def interrupt(process):
    if hasattr(process, "interrupt"):
        process.interrupt()                           # SIGINT
    else:
        os.kill(process.pid, signal.SIGINT)


def work(ready, tidied):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # 不要遗传来的
    try:
        ready.set()
        while True:
            time.sleep(1)                             # 一件做不完的事
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        tidied.set()


if __name__ == "__main__":
    main()
