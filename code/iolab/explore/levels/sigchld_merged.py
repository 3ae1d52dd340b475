"""两个子进程先后结束，SIGCHLD 只送到一次：处理函数只收一个就漏掉一个。"""

from iolab.explore import kernel
from iolab.explore.level import Goal, level
from iolab.explore.program import Program

MAIN = """
def main():
    signal.signal(signal.SIGCHLD, on_child)
    for number in (1, 2):
        pid = os.fork()
        if pid == 0:
            os._exit(number)
    while True:
        signal.pause()
"""
BROKEN = """\
import os, signal

def on_child(signum, frame):
    os.waitpid(-1, os.WNOHANG)
""" + MAIN
CURED = """\
import contextlib, os, signal

def on_child(signum, frame):
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
""" + MAIN

START, FAMILY = {"父": "main()"}, ("子1", "子2")


def left(view, stuck):
    children = [view.process(name) for name in FAMILY]
    return stuck and any(child and child.state == kernel.ZOMBIE for child in children)


LEVEL = level(
    title="合并的 SIGCHLD",
    task="两个孩子都会结束，每结束一个内核发一次信号。让一个孩子永远是僵尸。",
    why="同一个信号没有送到之前再来几次也只算一次。处理函数要用循环，把结束了的全部收完。",
    broken=Program(BROKEN, START, children=FAMILY),
    cured={"循环着收": Program(CURED, START, children=FAMILY)},
    goals=[Goal("信号只来了一次，有一个孩子没有人收", left)],
)
