"""打开的模式：what each mode does to a file that is there or is not, and where reads and writes happen.

The file is opened without a buffer and in binary, so that one call is one system call and a position is a byte.
Sources: open() and io.FileIO in the Python library reference; open(2): O_TRUNC, O_APPEND ("before each write(2), the
file offset is positioned at the end"), O_EXCL; read(2), lseek(2). The file has four bytes at first and no more than
eight. Left out: text modes, in which the buffer moves the position further than one reads.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Went

FIRST, NEW, ROOM = "abcd", "XY", 8
MODES = "rb", "rb+", "wb", "ab", "xb"
CODE = Code('''
f = open("note", mode, buffering=0)
f.read(2)
f.write(b"XY")
f.seek(0)
f.close()
os.remove("note")
''')


def press(state, button):
    """state: (what the file holds or None if there is none, mode or None if it is closed, position)."""
    content, mode, place = state
    if button in MODES:
        return _open(content, mode, button)
    if button == "remove":
        if mode:
            return "Linux 允许删除打开着的文件，这里不演：先 close()。"
        return Went((None, None, 0), "文件没有了。") if content is not None else "没有这个文件：FileNotFoundError。"
    if not mode:
        return "文件没有打开。"
    if button == "close":
        return Went((content, None, 0), "描述符还给内核，位置跟着没有了。文件的内容还在。")
    if button == "seek":
        return "已经在开头。" if place == 0 else Went((content, mode, 0), "位置回到 0。" + _append(mode))
    return _read(state) if button == "read" else _write(state)


def _append(mode):
    return "可是写的时候，内核照样先移到末尾。" if mode == "ab" else ""


def _open(content, mode, wanted):
    if mode:
        return f"已经用 {mode} 打开着，先 close()。"
    if wanted[0] == "r" and content is None:
        return f"{wanted} 要文件已经在：FileNotFoundError。"
    if wanted[0] == "x" and content is not None:
        return "xb 要文件不在：FileExistsError。没有被覆盖的危险。"
    if wanted[0] == "w" and content:
        return Went(("", wanted, 0), f"wb：打开的一刻就清空了，原来的 {len(content)} 个字节没有了，还什么都没写。")
    if wanted[0] in "wx":
        made = "新建了一个空文件。" if content is None else "本来就是空的，照样打开。"
        return Went(("", wanted, 0), f"{wanted}：{made}")
    if wanted[0] == "a":
        made = "新建了一个空文件。" if content is None else "内容一个字节也没动，位置在末尾。"
        return Went((content or "", wanted, len(content or "")), f"ab：{made}")
    can = "能读也能写" if "+" in wanted else "只能读"
    return Went((content, wanted, 0), f"{wanted}：内容不动，位置在 0，{can}。")


def _read(state):
    content, mode, place = state
    if mode[0] != "r":
        return f"{mode} 不能读：io.UnsupportedOperation。"
    piece = content[place:place + 2]
    if not piece:
        return "read(2) 返回 b''：已经在末尾，位置不动。"
    return Went((content, mode, place + len(piece)), f"read(2) 返回 b'{piece}'，位置向后移 {len(piece)}。")


def _write(state):
    content, mode, place = state
    if mode == "rb":
        return "rb 不能写：io.UnsupportedOperation。"
    start = len(content) if mode == "ab" else place
    if start >= ROOM:
        return f"这里只画得下 {ROOM} 个字节。"
    stop = start + len(NEW)
    over = content[start:stop]
    said = f"覆盖了 {over}，没有插入" if over else "接在末尾"
    if mode == "ab" and place < len(content):
        said = "位置在前面也没有用，还是接在末尾"
    return Went((content[:start] + NEW + content[stop:], mode, stop), f"write(b'{NEW}')：{said}。位置到了 {stop}。")


def look(state):
    content, mode, place = state
    cells = {"mode": (f"以 {mode} 打开着", "green") if mode else ("没有打开", "plain"),
             "size": "文件不存在" if content is None else f"文件有 {len(content)} 字节"}
    for number, letter in enumerate(content or ""):
        cells[f"byte{number}"] = letter, "blue" if letter in NEW else "plain"
    if mode:
        cells[f"at{place}"] = "位置", "green"
    return cells


SCENE = Machine(
    name="open_modes",
    title="打开的模式：留不留，从哪里，能不能",
    board=Board(
        height=146,
        cells=(Cell("mode", 8, 14, 118, 30, 12), Cell("size", 138, 14, 118, 30, 12),
               *(Cell(f"byte{number}", 20 + 35 * number, 62, 32, 34, 14) for number in range(ROOM)),
               *(Cell(f"at{number}", 4.5 + 35 * number, 108, 30, 20, 10, comes=True) for number in range(ROOM + 1))),
        labels=tuple(Label(19 + 35 * number, 138, f"{number}", 9.5) for number in range(ROOM + 1)),
    ),
    buttons=(*(Button(mode, f"open {mode}", (1,)) for mode in MODES), Button("read", "read(2)", (2,)),
             Button("write", f"write {NEW}", (3,)), Button("seek", "seek(0)", (4,)), Button("close", "close", (5,)),
             Button("remove", "删除文件", (6,))),
    start=(FIRST, None, 0),
    opening="文件里有四个字节，还没有打开。换一种模式打开，再读再写，看哪几个字节变了。",
    press=press,
    look=look,
    story=("rb+", "read", "write", "close", "ab", "seek", "write", "close", "wb"),
    legend=(("green", "打开着；位置"), ("blue", "你写的字节")),
    code=CODE,
)
