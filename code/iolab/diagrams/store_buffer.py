"""存储缓冲：two cores that write one variable each and then read the other's, as x86 allows it.

Each core keeps what it writes in a buffer of its own before memory has it; what it reads comes from memory (its own
buffer holds nothing of the other's variable). A full fence lets nothing behind it begin before the buffer is empty.
Sources: Sewell et al., "x86-TSO: a rigorous and usable programmer's model for x86 multiprocessors" (2010), the litmus
test SB; Intel SDM vol. 3, 8.2.3.4, "Loads may be reordered with earlier stores to different locations". Left out: the
caches, which keep one value of each variable, and a buffer's room for more than one write.
"""

from collections import namedtuple

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

CODE = Code("""
# 核 0           核 1
x = 1          # y = 1
# fence()        fence()
a = y          # b = x
""")
OWN, GOT = ("x", "y"), ("a", "b")

# fence: whether there is one; done: statements done by each core; waiting: written, but still in the core's buffer.
State = namedtuple("State", "fence done waiting memory got")
START = State(False, (0, 0), (False, False), (0, 0), (None, None))


def changed(pair, core, value):
    return (value, pair[1]) if core == 0 else (pair[0], value)


def press(state, button):
    if button == "fence":
        if state._replace(fence=False) != START:
            return "已经开始了。从头再来，先选有没有屏障。"
        return Went(state._replace(fence=not state.fence),
                    "去掉屏障。" if state.fence else "两个核的写和读之间都加一道屏障。")
    what, core = button[:-1], int(button[-1])
    return _drain(state, core) if what == "drain" else _step(state, what, core)


def _drain(state, core):
    if not state.waiting[core]:
        return f"核 {core} 的缓冲是空的。"
    return Went(state._replace(waiting=changed(state.waiting, core, False), memory=changed(state.memory, core, 1)),
                f"核 {core} 的缓冲写进内存：现在谁都看得到 {OWN[core]} = 1。", (f"drain{core}",))


def _step(state, what, core):
    if state.done[core] > ("write", "read").index(what):
        return f"核 {core} 已经{'写' if what == 'write' else '读'}过了。"
    if what == "read" and not state.done[core]:
        return f"核 {core} 先执行 {OWN[core]} = 1。"
    after = state._replace(done=changed(state.done, core, state.done[core] + 1))
    if what == "write":
        return Went(after._replace(waiting=changed(state.waiting, core, True)),
                    f"核 {core} 执行 {OWN[core]} = 1：放进自己的缓冲就算做完，内存里还是 0。", (f"write{core}",))
    if state.fence and state.waiting[core]:
        return f"屏障：核 {core} 的缓冲空了，才许往下走。"
    value = state.memory[1 - core]
    after = after._replace(got=changed(state.got, core, value))
    return Went(after, f"核 {core} 从内存读到 {GOT[core]} = {value}。{_end(after)}", (f"read{core}",))


def _end(state):
    if None in state.got:
        return ""
    ended = f"结果 a = {state.got[0]}，b = {state.got[1]}"
    return f"{ended}：两个都没有看见对方写的！" if state.got == (0, 0) else f"{ended}。"


def look(state):
    bad = state.got == (0, 0)
    cells = {f"memory{core}": f"{OWN[core]} = {state.memory[core]}" for core in (0, 1)}
    for core in (0, 1):
        got = state.got[core]
        cells[f"buffer{core}"] = (f"{OWN[core]} = 1", "blue") if state.waiting[core] else "空"
        cells[f"got{core}"] = f"{GOT[core]} = ?" if got is None else (f"{GOT[core]} = {got}", "red" if bad else "green")
    cells["fence"] = ("有屏障", "violet") if state.fence else "没有屏障"
    return cells


def _column(core):
    """What one core has: where it reads to, and its buffer."""
    x = 8 + 228 * core
    return (Cell(f"got{core}", x, 26, 86, 34, 13), Cell(f"buffer{core}", x, 92, 86, 34, 13))


SCENE = Machine(
    name="store_buffer",
    title="存储缓冲：写了，别的核还看不见",
    board=Board(
        height=190,
        cells=(*_column(0), *_column(1), Cell("memory0", 104, 148, 56, 34, 13), Cell("memory1", 170, 148, 56, 34, 13),
               Cell("fence", 121, 8, 88, 26, 11.5)),
        labels=(Label(51, 16, "核 0", bold=True), Label(279, 16, "核 1", bold=True),
                Label(30, 84, "存储缓冲", anchor="start"), Label(300, 84, "存储缓冲", anchor="end"),
                Label(165, 140, "内存", bold=True)),
        ways=(Way("write0", ((20, 60), (20, 92))), Way("write1", ((310, 60), (310, 92))),
              Way("drain0", ((51, 126), (51, 165), (104, 165))), Way("drain1", ((279, 126), (279, 165), (226, 165))),
              Way("read0", ((198, 148), (198, 92), (94, 46))), Way("read1", ((132, 148), (132, 92), (236, 46)))),
    ),
    buttons=(Button("write0", "x = 1", (2,)), Button("read0", "a = y", (4,)), Button("drain0", "核 0 的缓冲写出"),
             Button("write1", "y = 1", (2,)), Button("read1", "b = x", (4,)), Button("drain1", "核 1 的缓冲写出"),
             Button("fence", "屏障", (3,))),
    start=START,
    opening="x 和 y 都是 0。每个核先写一个，再读对方的。",
    press=press,
    look=look,
    story=("write0", "write1", "read0", "read1", "drain0", "drain1"),
    legend=(("blue", "写了，还在路上"), ("green", "读到了"), ("red", "两个都没有看见"), ("violet", "屏障")),
    code=CODE,
)
