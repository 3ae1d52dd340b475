"""事件是一个一个的位：five bits that readers flip, and what the operators make of them.

poll() is told with one number what to look for, and says with one number what there is; each bit is one event. Sources:
poll(2) and bits/poll.h of Linux for the values; the Python language reference, "Binary bitwise operations" and "Unary
arithmetic and bitwise operations". Left out: POLLNVAL, the sixth, and which bits a kernel reports together.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Went

BITS = {"POLLIN": 0x001, "POLLPRI": 0x002, "POLLOUT": 0x004, "POLLERR": 0x008, "POLLHUP": 0x010}
READ, WRITE = BITS["POLLIN"] | BITS["POLLHUP"], BITS["POLLOUT"]
CODE = Code("""
mask ^= bit              # 拨一下
mask |= POLLOUT          # 加上
mask &= ~POLLOUT         # 去掉
if mask & (POLLIN | POLLHUP):
    read()
if mask & POLLOUT:
    write()
""")


def press(mask, button):
    after = {"add": mask | WRITE, "drop": mask & ~WRITE}.get(button, mask ^ BITS.get(button, 0))
    if after == mask:
        return "POLLOUT 已经在里面：再加一次，还是它。" if button == "add" else "POLLOUT 本来就不在：再去一次，没有变。"
    what = {"add": "加上 POLLOUT", "drop": "去掉 POLLOUT"}.get(button, f"拨 {button}")
    bit = BITS.get(button, WRITE)
    return Went(after, f"{what}：{mask} {'+' if after > mask else '-'} {bit} = {after}。")


def look(mask):
    cells = {}
    for name, bit in BITS.items():
        cells[name] = ("1", "green") if mask & bit else "0"
    cells |= {"decimal": f"{mask}", "binary": f"0b{mask:05b}", "hexadecimal": f"{mask:#04x}"}
    for row, asked in (("read", READ), ("write", WRITE)):
        cells[row] = (f"{mask & asked}，真", "green") if mask & asked else "0，假"
    return cells


LEFT = dict(zip(reversed(BITS), (8 + 63 * number for number in range(5)), strict=True))

SCENE = Machine(
    name="poll_bits",
    title="事件是一个一个的位",
    board=Board(
        height=188,
        cells=(*(Cell(name, left, 34, 56, 40, 16) for name, left in LEFT.items()),
               Cell("decimal", 8, 100, 60, 30, 13), Cell("binary", 76, 100, 110, 30, 13),
               Cell("hexadecimal", 194, 100, 70, 30, 13), Cell("read", 246, 140, 74, 20),
               Cell("write", 246, 164, 74, 20)),
        labels=(*(Label(left + 28, 12, name, 11) for name, left in LEFT.items()),
                *(Label(left + 28, 26, f"{BITS[name]}", 10) for name, left in LEFT.items()),
                Label(8, 90, "mask：十进制、二进制、十六进制", anchor="start"),
                Label(240, 150, "mask & (POLLIN | POLLHUP)", 10.5, anchor="end"),
                Label(240, 174, "mask & POLLOUT", 10.5, anchor="end")),
    ),
    buttons=(*(Button(name, name.removeprefix("POLL"), (1,)) for name in LEFT), Button("add", "|= OUT", (2,)),
             Button("drop", "&= ~OUT", (3,))),
    start=BITS["POLLIN"],
    opening="mask 是 POLLIN，也就是 1。按一下，拨一位：每一位是一种事件，互不相干。",
    press=press,
    look=look,
    story=("add", "POLLHUP", "drop", "POLLIN"),
    legend=(("green", "这一位是 1；条件成立"),),
    code=CODE,
)
