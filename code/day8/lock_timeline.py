"""记下每个线程什么时候等锁、什么时候持有锁，打印成 JSON。

运行：  python code/day8/lock_timeline.py
局限：  时刻由线程自己记，包含了等 CPU 的时间；每次运行都不同。
"""
import json
import threading
import time

NAMES, TIMES, WORK = "甲乙丙", 3, 0.02                # 每次持有锁大约 0.02 秒
lock = threading.Lock()


def main():
    lanes = {f"线程{name}": [] for name in NAMES}
    begin = time.monotonic()
    threads = [threading.Thread(target=work, args=(spans, begin))
               for spans in lanes.values()]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(json.dumps(lanes, ensure_ascii=False))


def work(spans, begin):
    for _ in range(TIMES):
        asked = time.monotonic() - begin
        with lock:
            got = time.monotonic() - begin
            time.sleep(WORK)                          # 临界区里的工作
            left = time.monotonic() - begin
        spans += [(asked, got, "等待"), (got, left, "持有")]
        time.sleep(WORK / 2)                          # 临界区外的工作


if __name__ == "__main__":
    main()
