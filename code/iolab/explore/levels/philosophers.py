"""三个哲学家，三根筷子，每人先拿左边再拿右边：死锁。"""

from iolab.explore.level import level, stuck
from iolab.explore.program import Program

SETUP = """\
import threading
sticks = {n: threading.Lock() for n in (1, 2, 3)}
"""

EAT = """
def dine(left, right):
    sticks[left].acquire()
    sticks[right].acquire()
    sticks[right].release()
    sticks[left].release()
"""

WAITER = """\
seats = threading.Semaphore(2)

def dine(left, right):
    seats.acquire()
    sticks[left].acquire()
    sticks[right].acquire()
    sticks[right].release()
    sticks[left].release()
    seats.release()
"""

LEVEL = level(
    title="哲学家就餐",
    task="让三个哲学家都饿着：每人拿着一根筷子，等另一根。",
    why="每人拿着左边的等右边的，围成一圈。打破圈的办法：按同一个顺序拿，或者少坐一个人。",
    broken=Program(SETUP + EAT, {"甲": "dine(1, 2)", "乙": "dine(2, 3)", "丙": "dine(3, 1)"}),
    cured={
        "按编号从小到大拿": Program(SETUP + EAT, {"甲": "dine(1, 2)", "乙": "dine(2, 3)", "丙": "dine(1, 3)"}),
        "最多坐两个人": Program(SETUP + WAITER, {"甲": "dine(1, 2)", "乙": "dine(2, 3)", "丙": "dine(3, 1)"}),
    },
    goals=[stuck()],
)
