"""一边上了锁，另一边忘了：对账的看到转了一半的钱。"""

from iolab.explore.level import ends_with, level
from iolab.explore.program import Program

TRANSFER = """\
import threading
accounts = {"甲": 1000, "乙": 1000}
total = None
lock = threading.Lock()

def transfer():
    with lock:
        accounts["甲"] -= 1
        accounts["乙"] += 1

def audit():
    global total
"""
BROKEN = TRANSFER + """\
    total = sum(accounts.values())
"""
CURED = TRANSFER + """\
    with lock:
        total = sum(accounts.values())
"""

WHO = {"转账": "transfer()", "对账": "audit()"}

LEVEL = level(
    title="只有一边上锁",
    task="转账的人上了锁。让对账的人看到的总数不是 2000。",
    why="锁拦不住不来申请它的人。碰同一份数据的每一处，都要用同一把锁。",
    broken=Program(BROKEN, WHO),
    cured={"两边都上锁": Program(CURED, WHO)},
    goals=[ends_with("对账的人看到转了一半的钱", lambda v: v.total != 2000)],
)
