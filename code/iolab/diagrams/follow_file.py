"""跟着文件走：a name, the file that it stands for, and who still has the old one open.

A descriptor stands for an open file and its own position, not for a name. Who follows a log has to ask two things of
the kernel: whether the file has become shorter than where it stands (emptied), and whether the name stands for another
one by now (renamed). Sources: rename(2), "Open file descriptors for oldpath are also unaffected"; truncate(2); stat(2),
st_ino and st_size; lseek(2). Each line has four bytes. Left out: a file that is emptied and has grown again before
anybody looked, which its size does not tell.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

MOST, SIZE = 2, 4                       # lines that are written, bytes of each
CODE = Code('''
data = log.read()
print(data)
if log.tell() > os.fstat(log.fileno()).st_size:
    log.seek(0)
if os.stat(name).st_ino != os.fstat(log.fileno()).st_ino:
    log = open(name, "rb", buffering=0)
''')


def press(state, button):
    """state: (lines written, lines of the old file, of the new one or None, writer's file, follower's, lines read
    there, lines printed). A file is 0, the old one, or 1.
    """
    return {"write": _write, "empty": _empty, "rotate": _rotate, "reopen": _reopen, "read": _read,
            "size": _size, "name": _name}[button](*state)


def _write(count, old, new, writer, reader, place, printed):
    if count == MOST:
        return f"这幅图里只写 {MOST} 行。"
    files = [old, new]
    files[writer] = (*files[writer], count + 1)
    said = "写进了改了名的旧文件：它打开的还是那一个。" if new is not None and writer == 0 else "接在文件末尾。"
    after = (count + 1, *files, writer, reader, place, printed)
    return Went(after, f"程序写第 {count + 1} 行，{said}", (f"w{writer}",))


def _empty(count, old, new, writer, reader, place, printed):
    if new is not None:
        return "已经换了新文件，这幅图不再清空它。"
    if not old:
        return "文件是空的。"
    said = "有人把文件清空了：名字和 inode 都没有变，只是变短了。"
    return Went((count, (), new, writer, reader, place, printed), said)


def _rotate(count, old, new, writer, reader, place, printed):
    if new is not None:
        return "已经改过名了。"
    return Went((count, old, (), writer, reader, place, printed),
                "改名，换上一个新的空文件。打开着旧文件的两个人，手里的还是旧的。")


def _reopen(count, old, new, writer, reader, place, printed):
    if new is None or writer == 1:
        return "名字指的就是它打开的那一个。"
    return Went((count, old, new, 1, reader, place, printed), "程序按名字重新打开，从此写进新文件。")


def _read(count, old, new, writer, reader, place, printed):
    lines = (old, new)[reader]
    if place > len(lines):
        return f"read() 返回 b''：位置 {place * SIZE} 在末尾后面，文件只有 {len(lines) * SIZE} 字节，它永远等不到。"
    if place == len(lines):
        return "read() 返回 b''：到了末尾，不是没有下文。"
    got = lines[place:]
    return Went((count, old, new, writer, reader, len(lines), (*printed, *got)),
                f"read() 读到第 {'、'.join(map(str, got))} 行，印出来，位置到了 {len(lines) * SIZE}。", (f"r{reader}",))


def _size(count, old, new, writer, reader, place, printed):
    lines = (old, new)[reader]
    if place <= len(lines):
        return f"st_size 是 {len(lines) * SIZE}，位置 {place * SIZE} 没有越过它：没有变短。"
    said = f"st_size 是 {len(lines) * SIZE}，比位置 {place * SIZE} 小：变短了，回到开头。"
    return Went((count, old, new, writer, reader, 0, printed), said)


def _name(count, old, new, writer, reader, place, printed):
    if new is None or reader == 1:
        return "st_ino 一样：名字指的就是打开的这一个。"
    if place < len(old):
        return "st_ino 不一样，可是旧文件里还有没读的：先读完，再换。"
    said = "st_ino 不一样：名字已经是别的文件了，按名字重新打开，从头读。"
    return Went((count, old, new, writer, 1, 0, printed), said)


def look(state):
    count, old, new, writer, _, place, printed = state
    cells = {"label0": "app.log" if new is None else "app.log.1", "writer": "程序：写乙" if writer else "程序：写甲",
             "reader": f"tail：{'乙' if state[4] else '甲'}，位置 {place * SIZE}"}
    if new is not None:
        cells["label1"] = "app.log"
    for file, lines in enumerate((old, new or ())):
        for row, number in enumerate(lines):
            seen = number in printed
            cells[f"line{file}-{row}"] = f"第 {number} 行", "green" if seen else "blue"
    lost = [number for number in range(1, count + 1) if number not in (*old, *(new or ()), *printed)]
    cells |= {f"out{row}": (f"第 {number} 行", "green") for row, number in enumerate(printed)}
    cells |= {f"out{len(printed) + row}": (f"第 {number} 行没了", "red") for row, number in enumerate(lost)}
    return cells


SCENE = Machine(
    name="follow_file",
    title="名字不是文件：跟着日志走",
    board=Board(
        height=176,
        cells=(Cell("writer", 8, 10, 92, 30, 11.5), Cell("reader", 222, 10, 100, 30, 11.5),
               *(Cell(f"label{file}", 8 + 112 * file, 66, 96, 22, 11.5, comes=file == 1) for file in (0, 1)),
               *(Cell(f"line{file}-{row}", 8 + 112 * file, 90 + 27 * row, 96, 24, 11) for file in (0, 1)
                 for row in range(MOST)),
               *(Cell(f"out{row}", 230, 90 + 27 * row, 92, 24, 11) for row in range(MOST))),
        labels=(Label(276, 78, "tail 印出来的"), Label(8, 160, "inode 甲", 10.5, "start"),
                Label(120, 160, "inode 乙", 10.5, "start")),
        ways=(Way("w0", ((40, 42), (40, 62))), Way("w1", ((96, 42), (150, 62))), Way("r0", ((60, 62), (234, 42))),
              Way("r1", ((190, 62), (250, 42)))),
    ),
    buttons=(Button("write", "程序写一行"), Button("empty", "清空"), Button("rotate", "改名换新"),
             Button("reopen", "程序重新打开"), Button("read", "tail 读", (1, 2)), Button("size", "比大小", (3, 4)),
             Button("name", "比名字", (5, 6))),
    start=(0, (), None, 0, 0, 0, ()),
    opening="一个程序在写日志，tail 跟着它读。两个人各打开了一次，各有各的位置。",
    press=press,
    look=look,
    story=("write", "read", "rotate", "reopen", "write", "name", "read"),
    legend=(("blue", "写了，tail 还没有读"), ("green", "印出来了"), ("red", "没有读到就没了")),
    code=CODE,
)
