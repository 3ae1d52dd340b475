"""两个线程各存 1 元，读、加、写三步交错，丢掉一次更新。"""

from iolab.explore.level import ends_with, level
from iolab.explore.program import Program

BROKEN = """\
account = 0

def deposit():
    global account
    balance = account
    balance = balance + 1
    account = balance
"""

CURED = """\
import threading
account = 0
lock = threading.Lock()

def deposit():
    global account
    with lock:
        balance = account
        balance = balance + 1
        account = balance
"""

TWO = {"甲": "deposit()", "乙": "deposit()"}

LEVEL = level(
    title="丢失的更新",
    task="甲、乙各存 1 元。让账户里最后只有 1 元。",
    why="后写的人用的是旧数，把先写的盖掉了。读、加、写之间没有别人，才不会丢。",
    broken=Program(BROKEN, TWO),
    cured={"加锁": Program(CURED, TWO)},
    goals=[ends_with("两个人都存了，账户里却不是 2 元", lambda v: v.account != 2)],
)
