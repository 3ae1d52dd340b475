"""读者优先的读写锁：两个人轮流进去读，写的人永远等不到空；门口加一道闸就不会。"""

from iolab.explore.level import ever, level, stuck
from iolab.explore.patience import Watched
from iolab.explore.program import Program

BROKEN = """\
import threading
room = threading.Semaphore(1)
count = threading.Lock()
readers, news = 0, False

def read():
    global readers
    while not news:
        with count:
            readers += 1
            if readers == 1:
                room.acquire()
        with count:
            readers -= 1
            if readers == 0:
                room.release()

def write():
    global news
    room.acquire()
    news = True
    room.release()
"""
CURED = """\
import threading
room = threading.Semaphore(1)
count = threading.Lock()
gate = threading.Lock()
readers, news = 0, False

def read():
    global readers
    while not news:
        gate.acquire()
        gate.release()
        with count:
            readers += 1
            if readers == 1:
                room.acquire()
        with count:
            readers -= 1
            if readers == 0:
                room.release()

def write():
    global news
    gate.acquire()
    room.acquire()
    news = True
    room.release()
    gate.release()
"""

WHO = {"甲": "read()", "乙": "read()", "写": "write()"}


def watched(text):
    return Watched(Program(text, WHO), "写", "readers += 1")


LEVEL = level(
    title="永远轮不到的写者",
    task="两个人反复来读，等着消息更新；写的人要等书房空了才能写。让它一直等着，而甲和乙各又进去了一次。",
    why="书房一刻也没有空过，这一圈可以永远走下去：没有死锁，人人都在动，只有写的人饿着（starvation）。"
        "写的人先关上门口的闸，后来的人进不去，书房迟早会空。",
    broken=watched(BROKEN),
    cured={"门口加一道闸": watched(CURED)},
    goals=[ever("写的人一直等着，甲和乙又都进去过了", lambda v: len(v.passed) == 2), stuck()],
)
