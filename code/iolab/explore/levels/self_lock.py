"""拿着锁又申请同一把锁：一个线程就能死锁，RLock 不会。"""

from iolab.explore.level import level, stuck
from iolab.explore.program import Program

BROKEN = """\
import threading
balance = 100
lock = threading.Lock()

def withdraw(amount):
    global balance
    with lock:
        enough = at_least(amount)
        if enough:
            balance -= amount

def at_least(amount):
    with lock:
        answer = balance >= amount
    return answer
"""

ONE = {"甲": "withdraw(30)"}

LEVEL = level(
    title="自己锁住自己",
    task="只有一个线程。让它永远停住。",
    why="Lock 不认人：自己拿着，自己再要也得等。RLock 记得主人和层数。",
    broken=Program(BROKEN, ONE),
    cured={"用 RLock": Program(BROKEN.replace("Lock()", "RLock()"), ONE)},
    goals=[stuck("它在等自己手里的锁")],
)
