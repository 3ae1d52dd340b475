"""信号打断了正在等的系统调用：处理函数返回，接着等；处理函数抛出异常，不等了。

运行：  python code/day7/signal_wait.py
"""
import os
import signal
import socket
import time


def main():
    here, there = socket.socketpair()
    with here, there:
        for handler in (note, complain):
            signal.signal(signal.SIGUSR1, handler)
            pid = start_peer(there)
            try:
                print("  recv 返回", here.recv(9).decode())    # 停在这里时信号来了
            except RuntimeError as error:
                print("  recv 没有返回：", error)
            os.waitpid(pid, 0)


def note(number, frame):
    print("处理函数执行了，然后返回", flush=True)


def complain(number, frame):
    print("处理函数执行了，抛出异常", flush=True)
    raise RuntimeError("处理函数抛出的")


def start_peer(conn):
    parent = os.pidfd_open(os.getpid())    # 它没有了，也不会指着别人
    pid = os.fork()
    if pid == 0:
        try:
            while state(os.getppid()) != "S":             # 等到父进程睡在 recv 里
                os.sched_yield()
            signal.pidfd_send_signal(parent, signal.SIGUSR1)
            time.sleep(0.2)                               # 过一会儿才有数据
            conn.sendall("数据".encode())
        finally:
            os._exit(0)
    os.close(parent)
    return pid


def state(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(") ")[2][0]


if __name__ == "__main__":
    main()
