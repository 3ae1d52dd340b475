"""一个进程，四个线程：内存是同一份，编号各不相同，结果写进同一个字典。

运行：  python code/day7/thread2.py
局限：  四个线程各写各的键，所以不用锁；写同一个键就要锁，见 day8/race_broken.py。
"""
import os
import threading

NAMES = ("东", "南", "西", "北")


def main():
    results = {}  # 线程函数的返回值没有人收，结果要自己存
    together = threading.Barrier(len(NAMES) + 1)      # 四个线程和主线程都到齐才放行
    shared = {"results": results, "together": together}
    threads = [threading.Thread(target=work, args=(name, number), kwargs=shared)
               for number, name in enumerate(NAMES)]
    for t in threads:
        t.start()
    together.wait()                                   # 此刻四个线程都活着
    tasks = {int(tid) for tid in os.listdir(f"/proc/{os.getpid()}/task")}
    together.wait()
    for t in threads:
        t.join()                                      # 每一个都要 join
    print("结果：", {name: results[name]["square"] for name in NAMES})
    print("进程号的个数：", len({r["pid"] for r in results.values()}))
    print("线程号的个数：", len({r["tid"] for r in results.values()}))
    print("内核的线程表里都有：", {r["tid"] for r in results.values()} <= tasks)


def work(name, number, results, together):
    results[name] = {"square": number ** 2, "pid": os.getpid(),
                     "tid": threading.get_native_id()}    # 内核给线程的编号（TID）
    together.wait()
    together.wait()


if __name__ == "__main__":
    main()
