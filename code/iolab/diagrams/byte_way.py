"""一个字节的路: where a written byte is, and what a kill or a power cut leaves of it.

Python's buffer belongs to the process and dies with it; the page cache belongs to the kernel and survives every
process, not the power; fsync() returns when the device has the bytes. Sources: io.BufferedWriter in the Python library
reference; write(2), "a successful return from write() does not make any guarantee that data has been committed to
disk"; fsync(2); signal(7), SIGKILL cannot be caught. Left out: that the kernel writes back by itself after a while
(/proc/sys/vm/dirty_expire_centisecs, 30 seconds), so that a power cut may spare bytes that nobody synced.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

WORDS = "订单一", "订单二", "订单三"
HOMES = {"buffer": "Python 的缓冲区（进程的内存）", "cache": "页缓存（内核的内存）", "disk": "磁盘"}
TOP = {"buffer": 24, "cache": 118, "disk": 212}
CODE = Code('''
file = open("orders.txt", "a")
file.write(order)
file.flush()
os.fsync(file.fileno())
''')


def press(state, button):
    """state: (alive, how many orders were written, how many of them have reached the cache, the disk)."""
    alive, written, cached, stored = state
    lost = written - cached
    if button == "restart":
        return "它还活着。" if alive else Went((True, cached, cached, stored), "再启动一次，接着往文件末尾写。")
    if button == "power":
        if not alive and cached == stored:
            return "内存里没有只此一份的东西了，再停电也不会丢什么。"
        kept = f"磁盘上的 {stored} 条还在" if stored else "磁盘上什么也没有"
        return Went((False, stored, stored, stored), f"停电：两处内存都空了，{kept}。")
    if not alive:
        return "进程已经不在了。"
    if button == "write":
        if written == len(WORDS):
            return "三条都写了。"
        return Went((True, written + 1, cached, stored), "write() 只把它放进进程自己的缓冲区就返回了。", ("in",))
    if button == "flush":
        if not lost:
            return "缓冲区是空的。"
        said = "flush() 用系统调用 write 把缓冲区交给内核。别的进程现在读得到了。"
        return Went((True, written, written, stored), said, ("flush",))
    if button == "fsync":
        if cached == stored:
            return "页缓存里没有比磁盘新的东西。"
        left = f"还留在缓冲区里的 {lost} 条，它管不着。" if lost else "现在停电也不怕。"
        return Went((True, written, cached, cached), f"fsync() 等到磁盘真的写好才返回。{left}", ("sync",))
    gone = f"缓冲区里的 {lost} 条没了" if lost else "缓冲区本来就是空的，什么也没丢"
    return Went((False, cached, cached, stored), f"kill -9：进程连同它的内存一起消失，{gone}。页缓存是内核的，还在。")


def look(state):
    alive, written, cached, stored = state
    cells = {"process": ("进程活着", "green") if alive else ("进程死了", "red")}
    for number, word in enumerate(WORDS):
        if cached <= number < written:
            cells[f"buffer{number}"] = word, "blue"
        if number < cached:
            cells[f"cache{number}"] = word, "green" if number < stored else "blue"
        if number < stored:
            cells[f"disk{number}"] = word, "green"
    return cells


SCENE = Machine(
    name="byte_way",
    title="一个字节的路：写进去了，到底在哪里",
    board=Board(
        height=272,
        cells=(
            *(Cell(f"{home}{number}", 14 + 68 * number, top, 62, 40) for home, top in TOP.items()
              for number in range(len(WORDS))),
            Cell("process", 252, 24, 70, 40),
        ),
        labels=tuple(Label(14, top - 11, HOMES[home], anchor="start", bold=True) for home, top in TOP.items()),
        ways=(Way("in", ((250, 44), (216, 44))), Way("flush", ((113, 66), (113, 92))),
              Way("sync", ((113, 160), (113, 186)))),
    ),
    buttons=(Button("write", "write", (2,)), Button("flush", "flush", (3,)), Button("fsync", "fsync", (4,)),
             Button("kill", "kill -9"), Button("power", "停电"), Button("restart", "再启动", (1,))),
    start=(True, 0, 0, 0),
    opening="文件刚打开。三处都是空的：进程的缓冲区、内核的页缓存、磁盘。",
    press=press,
    look=look,
    story=("write", "flush", "write", "fsync", "kill", "restart", "write", "flush", "power"),
    legend=(("blue", "还在路上：只在内存里"), ("green", "活着；到了磁盘"), ("red", "死了")),
    code=CODE,
)
