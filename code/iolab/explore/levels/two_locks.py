"""两个线程，两把锁，次序相反：死锁。"""

from iolab.explore.level import level, stuck
from iolab.explore.program import Program

SETUP = """\
import threading
accounts = {"甲": 1000, "乙": 1000}
locks = {name: threading.Lock() for name in accounts}

def transfer(source, target):
"""
BROKEN = SETUP + """\
    with locks[source]:
        with locks[target]:
            accounts[source] -= 1
            accounts[target] += 1
"""
ORDER = SETUP + """\
    first, second = sorted((source, target))
    with locks[first]:
        with locks[second]:
            accounts[source] -= 1
            accounts[target] += 1
"""
BACK_OFF = SETUP + """\
    paid = False
    while not paid:
        locks[source].acquire()
        if locks[target].acquire(blocking=False):
            accounts[source] -= 1
            accounts[target] += 1
            locks[target].release()
            paid = True
        locks[source].release()
"""

WHO = {"线程1": "transfer('甲', '乙')", "线程2": "transfer('乙', '甲')"}

LEVEL = level(
    title="两把锁",
    task="一个甲转给乙，一个乙转给甲。让两个线程都停住。",
    why="各拿一把，等对方手里的那把。次序统一就围不成圈；拿不到就放手也不会停住，只是可能白忙几圈。",
    broken=Program(BROKEN, WHO),
    cured={"同一个次序": Program(ORDER, WHO), "拿不到就放手": Program(BACK_OFF, WHO)},
    goals=[stuck()],
)
