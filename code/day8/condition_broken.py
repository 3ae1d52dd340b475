"""失败：被叫醒以后不再看货架，去拿已经被别人取走的货。

运行：  python code/day8/condition_broken.py
局限：  两个消费者都在等，notify_all 把两个都叫醒，货却只有一件。
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
        if not shelf:
            condition.wait()  # 放开锁，等通知，醒来时重新拿到锁
            awake.release()
        print("取到", shelf.pop() if shelf else "空气")


if __name__ == "__main__":
    main()
