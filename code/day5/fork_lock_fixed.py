"""正确：先 fork，再启动线程。

运行：  python code/day5/fork_lock_fixed.py
局限：  线程已经启动就不要 fork，改用 subprocess，或者 multiprocessing 的 spawn。
"""
import os
import threading


def main():
    lock, held, done = threading.Lock(), threading.Event(), threading.Event()
    thread = threading.Thread(target=hold, args=(lock, held, done), daemon=True)
    fork_and_lock(lock)
    thread.start()
    held.wait()
    done.set()
    thread.join()


def hold(lock, held, done):
    with lock:
        held.set()
        done.wait()


def fork_and_lock(lock):
    print("父进程的线程数", threads(), flush=True)
    pid = os.fork()
    if pid == 0:
        print("子进程的线程数", threads())
        got = lock.acquire(timeout=1)
        said = "拿到了锁" if got else "等了 1 秒，没有拿到锁"
        print(f"子进程{said}", flush=True)
        os._exit(0)
    os.waitpid(pid, 0)


def threads():
    return len(os.listdir("/proc/self/task"))


if __name__ == "__main__":
    main()
