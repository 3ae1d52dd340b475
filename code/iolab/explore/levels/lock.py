"""自己用变量做锁：两个线程同时进了门；Lock 和 Peterson 算法都不会。"""

from iolab.explore.level import ever, level, stuck
from iolab.explore.program import Program

BROKEN = """\
busy = False
inside = []

def visit(me):
    global busy
    while busy:
        pass
    busy = True
    inside.append(me)
    inside.remove(me)
    busy = False
"""

LOCK = """\
import threading
lock = threading.Lock()
inside = []

def visit(me):
    lock.acquire()
    inside.append(me)
    inside.remove(me)
    lock.release()
"""

PETERSON = """\
wants = {"甲": False, "乙": False}
turn = "甲"
inside = []

def visit(me, other):
    global turn
    wants[me] = True
    turn = other
    while wants[other] and turn == other:
        pass
    inside.append(me)
    inside.remove(me)
    wants[me] = False
"""

TWO = {"甲": "visit('甲')", "乙": "visit('乙')"}

LEVEL = level(
    title="自己做的锁",
    task="门里一次只许进一个人。让两个人都在门里。",
    why="看 busy 和改 busy 之间，别人也看了。acquire() 把“看”和“改”合成不能打断的一步。",
    broken=Program(BROKEN, TWO),
    cured={"用 Lock": Program(LOCK, TWO),
           "Peterson 算法": Program(PETERSON, {"甲": "visit('甲', '乙')", "乙": "visit('乙', '甲')"})},
    goals=[ever("两个人都在门里", lambda v: len(v.inside) > 1), stuck()],
)
