"""线程共享，进程复制：what the other one does, and whether this one sees it.

A thread has the same memory, the same descriptors, the same folder. A process made by fork() has copies of all three;
but a copied descriptor stands for the same open file, so that its position is shared even then. Sources: fork(2),
"The child inherits copies of the parent's set of open file descriptors. Each ... refers to the same open file
description"; pthreads(7), what threads share; chdir(2).
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

THREAD, PROCESS, END = "thread", "fork", 2
CODE = Code("""
count = 0
f = open("data", "rb", buffering=0)
# 另一个做的
count += 1
os.chdir("below")
f.read(1)
f.close()
""")


def press(state, button):
    """state: (kind of the other one or None, count was raised, folder was changed, bytes read, file closed)."""
    kind, raised, moved, read, closed = state
    if button in (THREAD, PROCESS):
        if kind:
            return "已经有一个了，先“再来一次”。"
        return Went((button, *state[1:]), "启动一个线程：同一份内存，同一组描述符，同一个当前目录。"
                    if button == THREAD else "fork 一个子进程：内存、描述符表、当前目录各复制一份。", ("start",))
    if not kind:
        return "还没有另一个：先启动线程，或者 fork。"
    if button == "again":
        return Went(SCENE_START, "只剩自己，一切照旧。")
    seen = _seen(kind)
    if button == "count":
        return "已经加过了。" if raised else Went((kind, True, moved, read, closed), f"另一个做 count += 1。{seen}")
    if button == "chdir":
        return "已经换过了。" if moved else Went((kind, raised, True, read, closed), f"另一个换了当前目录。{seen}")
    if closed:
        return "ValueError：它的文件已经关了。"
    if button == "close":
        said = "这边也不能读了。" if kind == THREAD else "关的是它自己的描述符，这边的还开着。"
        return Went((kind, raised, moved, read, True), f"另一个关了文件。{said}")
    if read == END:
        return "read(1) 返回 b''：文件读完了。"
    where = "是同一个文件对象。" if kind == THREAD else "复制的是描述符，打开的文件还是同一个，位置是共用的！"
    return Went((kind, raised, moved, read + 1, closed), f"另一个读了 1 个字节，这边的位置也变成 {read + 1}。{where}")


def _seen(kind):
    return "这边看到了：本来就是同一个。" if kind == THREAD else "这边看不到：它改的是自己那一份。"


SCENE_START = (None, False, False, 0, False)


def sides(state):
    """What this one and the other one see: two of (count, folder, position or None where the file is closed)."""
    kind, raised, moved, read, closed = state
    other = int(raised), "below" if moved else "top", None if closed else read
    if kind == THREAD:
        return other, other
    return (0, "top", read), other


def look(state):
    this, other = sides(state)
    cells = {"other": {THREAD: "另一个线程", PROCESS: "子进程"}.get(state[0], "（没有）")}
    for column, values in (("this", this), ("other", other if state[0] else ())):
        for row, value in zip(("count", "cwd", "at"), values, strict=False):
            same = state[0] == THREAD or (row == "at" and state[0] == PROCESS and not state[4])
            words = "已关闭" if value is None else f"位置 {value}" if row == "at" else f"{value}"
            cells[f"{row}-{column}"] = words, "green" if same else "plain"
    return cells


ROWS = {"count": "count", "cwd": "当前目录", "at": "文件 f"}
TOPS = dict(zip(ROWS, (58, 100, 142), strict=True))

SCENE = Machine(
    name="shared_or_copied",
    title="线程共享，进程复制",
    board=Board(
        height=184,
        cells=(Cell("other", 214, 8, 108, 30, 12),
               *(Cell(f"{row}-{column}", left, top, 108, 32, 12.5) for row, top in TOPS.items()
                 for column, left in (("this", 78), ("other", 214)))),
        labels=(Label(132, 24, "主线程", bold=True),
                *(Label(70, TOPS[row] + 17, words, 11.5, anchor="end") for row, words in ROWS.items())),
        ways=(Way("start", ((164, 23), (208, 23))),),
    ),
    buttons=(Button(THREAD, "启动线程"), Button(PROCESS, "fork"), Button("count", "count += 1", (4,)),
             Button("chdir", "换目录", (5,)), Button("read", "读 1 字节", (6,)), Button("close", "关文件", (7,)),
             Button("again", "再来一次", (1, 2))),
    start=SCENE_START,
    opening="只有主线程：一个全局变量，一个当前目录，一个打开的文件。",
    press=press,
    look=look,
    story=(THREAD, "count", "read", "close", "again", PROCESS, "count", "chdir", "read", "close"),
    legend=(("green", "两边是同一个"), ("plain", "各有各的")),
    code=CODE,
)
