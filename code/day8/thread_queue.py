"""生产者和消费者：数据经 queue.Queue 交接，程序里一把锁也没有。

运行：  python code/day8/thread_queue.py
局限：  队列最多放 2 件：生产者太快就停在 put，这叫背压（back-pressure）。
"""
import queue
import threading

WORKERS = 3
END = None  # 约定的结束标记，每个消费者一个


def main():
    jobs, results = queue.Queue(maxsize=2), queue.Queue()
    workers = [threading.Thread(target=consume, args=(jobs, results))
               for _ in range(WORKERS)]
    todo = list(range(10))
    while todo and not jobs.full():
        jobs.put(todo.pop(0))
    print("还没有消费者，放得下", jobs.qsize(), "件")
    for t in workers:
        t.start()
    for number in todo:
        jobs.put(number)                              # 满了就阻塞
    for _ in workers:
        jobs.put(END)
    for t in workers:
        t.join()
    print("结果：", sorted(results.get() for _ in range(results.qsize())))


def consume(jobs, results):
    while (number := jobs.get()) is not END:          # 空了就阻塞
        results.put(number ** 2)


if __name__ == "__main__":
    main()
