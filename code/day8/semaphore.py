"""信号量：最多同时放 2 个线程进去，8 个线程轮流。

运行：  python code/day8/semaphore.py
局限：  门里的两个要碰头才工作，所以恰好看到 2；没有这个约定，只保证不超过 2。
"""
import threading
import time

LIMIT, THREADS = 2, 8


def main():
    gate = threading.BoundedSemaphore(LIMIT)          # 多 release 一次会报错
    meet = threading.Barrier(LIMIT)
    inside, most = set(), []
    threads = [threading.Thread(target=visit, args=(gate, meet, inside, most))
               for _ in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(f"{len(most)} 次进门，门里最多 {max(most)} 个")
    try:
        gate.release()
    except ValueError as error:
        print("多放一次：", error)


def visit(gate, meet, inside, most):
    with gate:                                        # 计数减 1；已经是 0 就等
        inside.add(threading.current_thread())
        meet.wait()
        time.sleep(0.05)                              # 工作；门外的有机会进来吗
        most.append(len(inside))
        meet.wait()
        inside.discard(threading.current_thread())


if __name__ == "__main__":
    main()
