"""管道的规矩：who goes on, who waits and who gets an error, with two write ends, one read end and room for four pages.

Sources: pipe(7), "If a process attempts to read from an empty pipe, then read(2) will block until data is available. If
a process attempts to write to a full pipe, then write(2) blocks"; "If all file descriptors referring to the write end
of a pipe have been closed, then an attempt to read(2) from the pipe will see end-of-file"; "If all file descriptors
referring to the read end of a pipe have been closed, then a write(2) will cause a SIGPIPE signal … If the calling
process is ignoring this signal, then write(2) fails with the error EPIPE". A real pipe has 16 pages. Left out: that
writes of less than a page share one.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

ROOM, WRITERS, READER = 4, ("甲", "乙"), "丙"
CODE = Code("""
os.write(w, page)
part = os.read(r, 4096)
os.close(w)
os.close(r)
""")


def press(state, button):
    """state: (pages inside, who has an end open as a text of names, who waits in write or read, in their order)."""
    inside, ends, waits = state
    verb, who = button.split("-")
    if who not in ends:
        return f"{who}已经关闭了它的一端。"
    if who in waits:
        return f"{who}停在{'read' if who == READER else 'write'}里，什么也做不了。"
    if verb == "write":
        return _write(inside, ends, waits, who)
    if verb == "read":
        return _read(inside, ends, waits)
    left = ends.replace(who, "")
    return _reader_left(left, waits) if who == READER else _writer_left(inside, left, waits, who)


def _write(inside, ends, waits, who):
    if READER not in ends:
        return Went((inside, ends, waits), f"{who}写一页：没有读端了。内核发 SIGPIPE；忽略它的程序，write 得到 EPIPE，"
                                           "在 Python 里是 BrokenPipeError。")
    if inside == ROOM:
        return Went((inside, ends, waits + who), f"{who}写一页：管道满了，{who}停在 write 里，等有人读。")
    if READER in waits:
        return Went((inside, ends, ""), f"{who}写一页，马上返回；丙停着的 read 醒来，拿走了它。", (f"in{who}", "out"))
    return Went((inside + 1, ends, waits), f"{who}写一页：放得下，write 马上返回，不管有没有人读。", (f"in{who}",))


def _read(inside, ends, waits):
    if inside:
        if not waits:
            return Went((inside - 1, ends, waits), "丙读一页：有就给，read 马上返回。", ("out",))
        first, rest = waits[0], waits[1:]
        return Went((inside, ends, rest), f"丙读一页：空出了地方，{first}停着的 write 写进去，返回了。",
                    ("out", f"in{first}"))
    if ends == READER:
        return Went((inside, ends, waits), "丙读：空的，写端也全关了。read 返回 b''：这就是结尾。")
    return Went((inside, ends, waits + READER), "丙读：空的，可是还有写端。丙停在 read 里，等有人写。")


def _writer_left(inside, ends, waits, who):
    others = [other for other in WRITERS if other in ends]
    if others:
        said = f"{others[0]}还有一份写端，丙还等得到下一页。" if READER in ends else f"还有{others[0]}的一份。"
        return Went((inside, ends, waits), f"{who}关闭写端。{said}")
    if READER in waits:
        return Went((inside, ends, ""), f"{who}关闭写端，这是最后一个：丙停着的 read 返回 b''。")
    left = f"管道里的 {inside} 页还读得到，读完才是 b''。" if inside else "再读就是 b''。"
    left = left if READER in ends else "管道没有人用了。"
    return Went((inside, ends, waits), f"{who}关闭写端，这是最后一个。{left}")


def _reader_left(ends, waits):
    said = f"停着的{'、'.join(waits)}醒来，write 得到 EPIPE。" if waits else "谁再写，谁得到 SIGPIPE 或者 EPIPE。"
    return Went((0, ends, ""), f"丙关闭读端，没有读完的丢了。{said if ends else '管道没有人用了。'}")


def look(state):
    inside, ends, waits = state
    cells = {f"page{place}": ("一页", "blue") for place in range(inside)}
    for who in (*WRITERS, READER):
        what = "关了" if who not in ends else "停着等" if who in waits else "开着"
        cells[who] = f"{who}：{what}", "amber" if who in waits else "green" if who in ends else "plain"
    return cells


MIDDLE = {"甲": 42, "乙": 98}

SCENE = Machine(
    name="pipe_rules",
    title="管道：谁接着走，谁停下等，谁出错",
    board=Board(
        height=150,
        cells=(*(Cell(who, 4, MIDDLE[who] - 17, 74, 34, 12) for who in WRITERS),
               *(Cell(f"page{place}", 199 - 31 * place, 55, 29, 30, 11) for place in range(ROOM)),
               Cell(READER, 252, 53, 74, 34, 12)),
        labels=(Label(41, 14, "写端", bold=True), Label(167, 40, "管道：装 4 页", bold=True),
                Label(289, 40, "读端", bold=True)),
        ways=(Way("in甲", ((80, 42), (92, 42), (92, 66), (103, 66))),
              Way("in乙", ((80, 98), (92, 98), (92, 74), (103, 74))), Way("out", ((230, 70), (250, 70)))),
    ),
    buttons=(Button("write-甲", "甲写", (1,)), Button("write-乙", "乙写", (1,)), Button("read-丙", "丙读", (2,)),
             Button("close-甲", "甲关闭", (3,)), Button("close-乙", "乙关闭", (3,)),
             Button("close-丙", "丙关闭", (4,))),
    start=(0, "甲乙丙", ""),
    opening="甲和乙各有一个写端，丙有读端。管道是空的，最多装 4 页。",
    press=press,
    look=look,
    story=("read-丙", "write-甲", "write-甲", "write-乙", "close-甲", "read-丙", "read-丙", "read-丙", "close-乙"),
    legend=(("green", "开着"), ("amber", "停着等"), ("blue", "在管道里"), ("plain", "关了")),
    code=CODE,
)
