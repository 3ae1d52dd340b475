"""谁先结束：子进程先结束是僵尸，父进程先结束它是孤儿；waitpid 两样都不会有。"""

from iolab.explore import kernel
from iolab.explore.level import ever, level
from iolab.explore.program import Program

BROKEN = """\
import os

def main():
    pid = os.fork()
    if pid == 0:
        os._exit(3)
"""
CURED = BROKEN + """\
    os.waitpid(pid, 0)
"""

START = {"父": "main()"}


def orphan(view):
    child = view.process("子")
    return child and child.adopted and child.state == kernel.RUNNING


def zombie(view):
    child = view.process("子")
    return child and child.state == kernel.ZOMBIE and view.before("程序结束")


LEVEL = level(
    title="孤儿还是僵尸",
    task="谁先结束由你定。让子进程成为孤儿；重来一次，让它成为没有人收的僵尸。",
    why="父进程先结束，孩子是孤儿，由 1 号进程收养；孩子先结束而父进程不 wait，孩子是僵尸。",
    broken=Program(BROKEN, START, children=("子",)),
    cured={"父进程 waitpid": Program(CURED, START, children=("子",))},
    goals=[ever("子进程成了孤儿", orphan), ever("子进程成了僵尸，父进程不收就要走了", zombie)],
)
