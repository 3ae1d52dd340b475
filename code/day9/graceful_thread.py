"""多线程服务器的收场：不再接受，等各个线程做完手里的，期限到了就走。

运行：  python code/day9/graceful_thread.py --port 9000，然后 kill 它
局限：  期限到了还没有做完的线程，随着进程一起没有了。
"""
import threading
import time

from graceful_common import answer, connections, listen, no_more, run, wakeup


def main(host, port, work, limit):
    threads = {}                                      # 连接 → 照看它的线程
    stop = wakeup()
    with listen(host, port) as listener:
        for conn in connections(listener, stop):
            start(conn, work, threads)
    return drain(threads, limit)


def drain(threads, limit):
    until = time.monotonic() + limit
    for conn in list(threads):
        no_more(conn)
    for thread in list(threads.values()):
        thread.join(max(0, until - time.monotonic()))
    return len(threads)


def start(conn, work, threads):
    thread = threading.Thread(target=serve, args=(conn, work, threads), daemon=True)
    threads[conn] = thread
    try:
        thread.start()
    except RuntimeError:                              # 线程数到了上限
        del threads[conn]
        conn.close()


def serve(conn, work, threads):
    with conn:
        answer(conn, work)
    del threads[conn]


if __name__ == "__main__":
    run(main)
