"""两个线程各做“读、加、写”三步，列出全部交错，再让真的线程照着每一种走一遍。

运行：  python code/day8/interleavings.py
局限：  三步对三步有 20 种交错；步数一多，种数涨得极快，不能靠试。
"""
import contextlib
import itertools
import threading

STEPS = ("读", "加", "写")


def main():
    results = []
    for order in schedules():
        predicted, real = imagine(order), Replay(order).run()
        results.append(predicted)
        mark = "✓" if predicted == 2 else "✗"
        story = " ".join(map("".join, moves(order)))
        print(mark, story, f"推算 {predicted}，真线程 {real}")
    print(f"共 {len(results)} 种，{results.count(1)} 种丢失更新")


def schedules():
    """在六步中挑三步给甲，其余给乙：20 种。"""
    for places in itertools.combinations(range(6), 3):
        yield "".join("甲" if place in places else "乙" for place in range(6))


def moves(order):
    """(线程, 步骤) 的列表：每一次轮到谁，它走到哪一步。"""
    return [(name, STEPS[order[:place].count(name)])
            for place, name in enumerate(order)]


def imagine(order):
    """不用线程，按这个顺序推算 x 的结果。"""
    x, copy = 0, {}
    for name, step in moves(order):
        if step == "读":
            copy[name] = x
        elif step == "加":
            copy[name] += 1
        else:
            x = copy[name]
    return x


class Replay:
    """两个真的线程，每一步之前等轮到自己。"""

    def __init__(self, order):
        self.order, self.x = order, 0
        self.turns = {name: threading.Semaphore(0) for name in "甲乙"}
        self.done = threading.Semaphore(0)

    def run(self):
        threads = [threading.Thread(target=self.add, args=name)
                   for name in self.turns]
        for t in threads:
            t.start()
        for name in self.order:
            self.turns[name].release()                # 轮到它走一步
            self.done.acquire()                       # 等它走完
        for t in threads:
            t.join()
        return self.x

    def add(self, name):
        with self.turn(name):
            copy = self.x
        with self.turn(name):
            copy += 1
        with self.turn(name):
            self.x = copy

    @contextlib.contextmanager
    def turn(self, name):
        self.turns[name].acquire()
        yield
        self.done.release()


if __name__ == "__main__":
    main()
