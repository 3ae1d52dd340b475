"""先检查，后动手：最后一张票卖了两次。"""

from iolab.explore.level import ends_with, level
from iolab.explore.program import Program

BROKEN = """\
tickets = 1
sold = []

def buy(name):
    global tickets
    if tickets > 0:
        tickets = tickets - 1
        sold.append(name)
"""

CURED = """\
import threading
tickets = 1
sold = []
lock = threading.Lock()

def buy(name):
    global tickets
    with lock:
        if tickets > 0:
            tickets = tickets - 1
            sold.append(name)
"""

TWO = {"甲": "buy('甲')", "乙": "buy('乙')"}

LEVEL = level(
    title="先检查，后动手",
    task="只剩一张票。让两个人都买到。",
    why="检查的时候还有票，动手的时候已经没有了。检查和动手要在同一把锁里。",
    broken=Program(BROKEN, TWO),
    cured={"检查和动手都在锁里": Program(CURED, TWO)},
    goals=[ends_with("一张票卖给了两个人", lambda v: len(v.sold) > 1)],
)
