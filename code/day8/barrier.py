"""屏障：三个线程都做完第一阶段，才一起进入第二阶段。

运行：  python code/day8/barrier.py
局限：  少来一个，其余的就一直等；用 timeout，超时后屏障作废（BrokenBarrierError）。
"""
import threading

NAMES = "甲乙丙"


def main():
    diary = []
    barrier = threading.Barrier(len(NAMES), action=lambda: diary.append("到齐"))
    threads = [threading.Thread(target=work, args=(name, barrier, diary))
               for name in NAMES]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    place = diary.index("到齐")
    print("到齐之前：", sorted(diary[:place]))
    print("到齐之后：", sorted(diary[place + 1:]))


def work(name, barrier, diary):
    diary.append(name + " 备料")
    barrier.wait()  # 最后到的那个执行 action，然后全部放行
    diary.append(name + " 下锅")


if __name__ == "__main__":
    main()
