"""多进程服务器的收场：把 SIGTERM 转告子进程，等它们做完手里的，期限到了就 kill -9。

运行：  python code/day9/graceful_process.py --port 9000，然后 kill 它
局限：  只有 Linux 有 pidfd。
"""
import os
import select
import signal
import time

from graceful_common import answer, connections, listen, log, no_more, run, wakeup

BOTH = {signal.SIGTERM, signal.SIGINT}


def main(host, port, work, limit):
    children = []                                     # pidfd：指着一个进程的描述符
    stop = wakeup()
    with listen(host, port) as listener:
        for conn in connections(listener, stop):
            with conn:
                start(conn, listener, work, children)
            reap(children, 0)
    return drain(children, limit)


def drain(children, limit):
    until = time.monotonic() + limit
    for child in children:
        signal.pidfd_send_signal(child, signal.SIGTERM)
    while children and (left := until - time.monotonic()) > 0:
        reap(children, left)
    for child in children:
        signal.pidfd_send_signal(child, signal.SIGKILL)
        os.waitid(os.P_PIDFD, child, os.WEXITED)
    return len(children)


def reap(children, seconds):
    poller = select.poll()
    for child in children:
        poller.register(child, select.POLLIN)
    for child, _ in poller.poll(1000 * seconds):      # 可读：它结束了
        os.waitid(os.P_PIDFD, child, os.WEXITED)
        os.close(child)
        children.remove(child)


def start(conn, listener, work, children):
    signal.pthread_sigmask(signal.SIG_BLOCK, BOTH)    # 子进程还没有准备好，先不要来
    try:
        pid = os.fork()
        if pid == 0:
            serve(conn, listener, work)
        children.append(watch(pid))
    except OSError as error:
        log("拒绝一个客户端：", error.strerror)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, BOTH)


def watch(pid):
    try:
        return os.pidfd_open(pid)
    except OSError:                                   # 描述符用完了：看不住的不要
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise


def serve(conn, listener, work):
    closing = []

    def close(*_):
        closing.append(True)                          # 已经到的做完，不再接
        no_more(conn)

    try:
        listener.close()                              # 否则收场时还有人连得上来
        signal.set_wakeup_fd(-1)                      # 那是父进程的
        for number in BOTH:
            signal.signal(number, close)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, BOTH)
        answer(conn, work, lambda: bool(closing))
    finally:
        os._exit(0)                                   # 决不能回到父进程的循环里


if __name__ == "__main__":
    run(main)
