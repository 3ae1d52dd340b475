"""先 join 后 get：子进程等管道腾出地方，父进程等子进程。"""

from iolab.explore.level import level, stuck
from iolab.explore.program import Program

MAIN = """\
import multiprocessing

def main():
    answers = multiprocessing.Queue()
    worker = multiprocessing.Process(target=work, args=(answers,))
    worker.start()
"""
WORK = """
def work(answers):
    answers.put(b"x" * 150_000)
"""
BROKEN = MAIN + "    worker.join()\n    answers.get()\n" + WORK
CURED = MAIN + "    answers.get()\n    worker.join()\n" + WORK

START = {"父": "main()"}

LEVEL = level(
    title="先 join 还是先 get",
    task="让父进程和子进程互相等，谁也不动。",
    why="put 交给后台线程写管道，管道只装得下 64 KiB；没有写完，子进程结束不了。先取完，再 join。",
    broken=Program(BROKEN, START, children=("子",)),
    cured={"先 get": Program(CURED, START, children=("子",))},
    goals=[stuck("父进程等子进程，子进程等管道")],
)
