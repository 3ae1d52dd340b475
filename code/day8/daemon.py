"""守护线程跟着进程一起结束，不是跟着主线程；它的 finally 没有机会执行。

运行：  python code/day8/daemon.py
局限：  所以要收尾的工作（写文件、提交）不能放在守护线程里。
"""
import sys
import threading


def main():
    seen = threading.Event()
    threading.Thread(target=watch, args=(seen,), daemon=True).start()
    threading.Thread(target=seen.wait).start()        # 普通线程：进程要等它
    print("主线程返回", flush=True)


def watch(seen):
    try:
        threading.main_thread().join()                # 等主线程结束，自己却还活着
        alive = threading.main_thread().is_alive()
        state = "还在" if alive else "已经结束"
        print(f"守护线程还在，主线程{state}", flush=True)
        seen.set()  # 最后一个普通线程走了，进程随即结束
        threading.Event().wait()
    finally:
        sys.stdout.write("守护线程：收尾（这一行不会出现）\n")


if __name__ == "__main__":
    main()
