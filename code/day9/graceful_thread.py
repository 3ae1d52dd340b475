"""多线程服务器的收场：不再接受，等各个线程做完手里的，期限到了就走。

运行：  python code/day9/graceful_thread.py --port 9000，然后 kill 它
局限：  期限到了还没有做完的线程，随着进程一起没有了。
"""
import threading
import time

from graceful_common import answer, connections, listen, no_more, run, wakeup


def main(host, port, work, limit):
    threads, closing = {}, threading.Event()          # 连接 → 照看它的线程
    stop = wakeup()
    with listen(host, port) as listener:
        for conn in connections(listener, stop):
            start(conn, work, threads, closing)
    return drain(threads, closing, limit)


def drain(threads, closing, limit):
    until = time.monotonic() + limit
    closing.set()                                     # 已经到的做完，不再接
    for conn in list(threads):
        no_more(conn)
    for thread in list(threads.values()):
        thread.join(max(0, until - time.monotonic()))
    return len(threads)


def start(conn, work, threads, closing):
    args = conn, work, threads, closing
    thread = threading.Thread(target=serve, args=args, daemon=True)
    threads[conn] = thread
    try:
        thread.start()
    except RuntimeError:                              # 线程数到了上限
        del threads[conn]
        conn.close()


def serve(conn, work, threads, closing):
    with conn:
        answer(conn, work, closing.is_set)
    del threads[conn]


if __name__ == "__main__":
    run(main)
