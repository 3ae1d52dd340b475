"""set() 之后马上 clear()：来晚一步的人永远等下去。"""

from iolab.explore.level import level, stuck
from iolab.explore.program import Program

BROKEN = """\
import threading
go = threading.Event()
started = []

def starter():
    go.set()
    go.clear()

def runner(name):
    go.wait()
    started.append(name)
"""

WHO = {"发令": "starter()", "甲": "runner('甲')", "乙": "runner('乙')"}

LEVEL = level(
    title="没有赶上的 Event",
    task="发令员喊了“跑”。让一个运动员永远站在起跑线上。",
    why="Event 记的是“现在是不是发生过”，clear() 以后才来的人什么也看不到。发生过就不要收回。",
    broken=Program(BROKEN, WHO),
    cured={"不 clear()": Program(BROKEN.replace("    go.clear()\n", ""), WHO)},
    goals=[stuck("有人没有赶上，永远等下去")],
)
