"""数变成字节：two numbers packed in three ways, and what somebody reads who expects network order.

"!" is big-endian without gaps, "<" little-endian without gaps, "@" as this machine has them: here little-endian, the
second number at a multiple of its size, so that two bytes of nothing lie before it. Sources: struct in the Python
library reference, "Byte Order, Size, and Alignment"; RFC 1700, "network byte order". Left out: machines that are
big-endian.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

FIRST, ROOM = 513, 8
ORDERS = "!HI", "<HI", "@HI"
CODE = Code('''
data = struct.pack(format, 513, number)
sock.sendall(data)
# 对方
first, second = struct.unpack("!HI", data)
''')
HINTS = {"!HI": "高位在前，中间不留空", "<HI": "低位在前，中间不留空",
         "@HI": "照这台机器：低位在前，I 要从 4 的倍数开始"}


def packed(order, number):
    """[(offset, bytes of a field)] and how long all of it is."""
    end = "big" if order[0] == "!" else "little"
    start = 4 if order[0] == "@" else 2
    return [(0, FIRST.to_bytes(2, end)), (start, number.to_bytes(4, end))], start + 4


def film(order, number):
    (one, two), size = packed(order, number)
    views = [_view([], f"两个数：{FIRST} 用 H（2 字节），{number} 用 I（4 字节）。格式 {order}：{HINTS[order]}。")]
    views.append(_view([one], f"H：{FIRST} 是 0x{FIRST:04X}，写成 {_hex(one[1])}。", at=(1,)))
    if two[0] > 2:
        views.append(_view([one], "I 要从第 4 个字节开始：中间空出 2 个字节，填 0。", pad=True, at=(1,)))
    pad = two[0] > 2
    said = f"I：{number} 是 0x{number:08X}，写成 {_hex(two[1])}。一共 {size} 字节。"
    views.append(_view([one, two], said, pad, at=(1,)))
    views.append(_view([one, two], f"发出去的就是这 {size} 个字节。里面没有写着格式。", pad, at=(2,)))
    data = bytearray(size)
    for start, part in (one, two):
        data[start:start + len(part)] = part
    if size != 6:
        said, read = f"struct.error：!HI 要 6 个字节，来了 {size} 个。", ("读不了", "red")
    else:
        got = int.from_bytes(data[:2]), int.from_bytes(data[2:])
        right = got == (FIRST, number)
        read = f"{got[0]}，{got[1]}", "green" if right else "red"
        told = "两边说好了同一种格式。" if right else "字节一个没错，数全错了。"
        said = f"对方按 !HI 读到 {got[0]} 和 {got[1]}：{told}"
    views.append(_view([one, two], said, pad, at=(4,), read=read))
    return tuple(views)


def _hex(part):
    return " ".join(f"{byte:02X}" for byte in part)


def _view(fields, caption, pad=False, at=(), read=None):
    cells = {}
    for (start, part), name, colour in zip(fields, "HI", ("blue", "green"), strict=False):
        for place, byte in enumerate(part):
            cells[f"byte{start + place}"] = f"{byte:02X}", colour
            cells[f"field{start + place}"] = name, colour
    if pad:
        cells |= {f"byte{place}": ("00", "plain") for place in (2, 3)}
        cells |= {f"field{place}": ("空", "plain") for place in (2, 3)}
    if read:
        cells["read"] = read
    return View(caption, cells, (), at)


SCENE = Sweep(
    name="packed_bytes",
    title="数变成字节，字节变回数",
    board=Board(
        height=146,
        cells=(*(Cell(f"byte{place}", 8 + 40 * place, 30, 36, 36, 13) for place in range(ROOM)),
               *(Cell(f"field{place}", 8 + 40 * place, 70, 36, 18, 10) for place in range(ROOM)),
               Cell("read", 128, 106, 194, 30, 12.5)),
        labels=(*(Label(26 + 40 * place, 19, f"{place}", 10) for place in range(ROOM)),
                Label(120, 122, "对方按 !HI 读到", 11, "end")),
    ),
    sliders=(Slider("格式", ORDERS), Slider("第二个数", (1, 258, 70000))),
    film=film,
    legend=(("blue", "H：2 字节"), ("green", "I：4 字节；读对了"), ("plain", "对齐空出来的"), ("red", "读错了")),
    code=CODE,
)
