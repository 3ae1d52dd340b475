"""失败：别的线程拿着锁时 fork，子进程里没有那个线程，锁永远不会放开。

运行：  python code/day5/fork_lock_broken.py
局限：  子进程本来会永远等下去，这里只等 1 秒。
"""
import os
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)    # 3.12 起会警告


def main():
    lock, held, done = threading.Lock(), threading.Event(), threading.Event()
    thread = threading.Thread(target=hold, args=(lock, held, done), daemon=True)
    thread.start()
    held.wait()
    fork_and_lock(lock)
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
