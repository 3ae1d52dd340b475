"""醒来不再检查条件：去拿已经被别人拿走的货。"""

from iolab.explore.level import ever, level, stuck
from iolab.explore.program import Program

BROKEN = """\
import threading
shelf = []
condition = threading.Condition()

def produce():
    for goods in ("苹果", "香蕉"):
        with condition:
            shelf.append(goods)
            condition.notify_all()

def consume():
    with condition:
        if not shelf:
            condition.wait()
        shelf.pop()
"""

WHO = {"店": "produce()", "甲": "consume()", "乙": "consume()"}

LEVEL = level(
    title="醒来以后不再看一眼",
    task="货一共两件，人也是两个。让一个人从空货架上取货（IndexError）。",
    why="叫醒到重新拿到锁之间，货可能已经被别人拿走。wait() 外面要用 while，醒一次查一次。",
    broken=Program(BROKEN, WHO),
    cured={"if 换成 while": Program(BROKEN.replace("if not shelf", "while not shelf"), WHO)},
    goals=[ever("有人从空货架上取货", lambda v: v.died("IndexError")), stuck()],
)
