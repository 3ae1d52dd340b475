"""多 release 一次，名额就多一个。"""

from iolab.explore.level import ever, level
from iolab.explore.program import Program

BROKEN = """\
import threading
gate = threading.Semaphore(1)
inside = []

def visit(me):
    gate.acquire()
    inside.append(me)
    inside.remove(me)
    gate.release()

def careless(me):
    gate.acquire()
    inside.append(me)
    inside.remove(me)
    gate.release()
    gate.release()
"""
CURED = """\
import threading
gate = threading.Semaphore(1)
inside = []

def visit(me):
    with gate:
        inside.append(me)
        inside.remove(me)
"""

LEVEL = level(
    title="多放了一次",
    task="门里只许一个人。让两个人同时在门里。",
    why="release() 不问你拿过没有，多一次就多一个名额；BoundedSemaphore 也只在名额满着时才发现。用 with，一拿一放。",
    broken=Program(BROKEN, {"甲": "careless('甲')", "乙": "visit('乙')", "丙": "visit('丙')"}),
    cured={"用 with": Program(CURED, {"甲": "visit('甲')", "乙": "visit('乙')", "丙": "visit('丙')"})},
    goals=[ever("门里有两个人", lambda v: len(v.inside) > 1)],
)
