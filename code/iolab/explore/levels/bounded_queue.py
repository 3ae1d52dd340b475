"""用列表做有界缓冲区：两个消费者看到的是同一件货；queue.Queue 不会。"""

from iolab.explore.level import ever, level, stuck
from iolab.explore.program import Program

BROKEN = """\
buffer = []

def produce():
    for goods in (1, 2):
        while len(buffer) == 1:
            pass
        buffer.append(goods)

def consume():
    while not buffer:
        pass
    buffer.pop()
"""
CURED = """\
import queue
buffer = queue.Queue(maxsize=1)

def produce():
    for goods in (1, 2):
        buffer.put(goods)

def consume():
    buffer.get()
"""

WHO = {"店": "produce()", "甲": "consume()", "乙": "consume()"}

LEVEL = level(
    title="生产者和消费者",
    task="缓冲区放得下一件，货两件，人两个。让一个人取了个空（IndexError）。",
    why="看的时候有货，取的时候没有了。queue.Queue 的 get() 把看和取放在一把锁里，还不空转。",
    broken=Program(BROKEN, WHO),
    cured={"用 queue.Queue": Program(CURED, WHO)},
    goals=[ever("有人取了个空", lambda v: v.died("IndexError")), stuck()],
)
