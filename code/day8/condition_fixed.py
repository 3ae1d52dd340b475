"""正确：每次醒来都重新检查条件，条件成立才往下走。

运行：  python code/day8/condition_fixed.py
局限：  while 加 wait 也可以写成 condition.wait_for(lambda: shelf)。
"""
import threading


def main():
    shelf, condition = [], threading.Condition()
    asleep, awake = threading.Semaphore(0), threading.Semaphore(0)
    args = shelf, condition, asleep, awake
    consumers = [threading.Thread(target=consume, args=args) for _ in range(2)]
    for t in consumers:
        t.start()
    for goods, signal in (("苹果", asleep), ("香蕉", awake)):
        signal.acquire()                              # 两个消费者都在等（都醒过）
        signal.acquire()
        with condition:
            shelf.append(goods)
            condition.notify_all()
    for t in consumers:
        t.join()
    print("货架上剩下", shelf)


def consume(shelf, condition, asleep, awake):
    with condition:
        asleep.release()
        while not shelf:
            condition.wait()  # 放开锁，等通知，醒来时重新拿到锁
            awake.release()
        print("取到", shelf.pop() if shelf else "空气")


if __name__ == "__main__":
    main()
