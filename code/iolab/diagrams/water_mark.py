"""两条水位线：when drain() waits and when it goes on, for a peer that reads slowly or not at all.

What write() cannot hand to the kernel stays in the transport's buffer. Above the high mark the transport calls
pause_writing() of its protocol, at the low mark or below resume_writing(); drain() waits in between. Sources: asyncio
in the Python library reference, "Protocols", pause_writing and resume_writing; the limits of 64 and 16 KiB are those of
asyncio.transports. Left out: the kernel's own buffer, which takes the first bytes.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

DRAIN, WRITE = "write 之后 drain", "只 write"
SLOW, DEAF = "读得慢", "一点也不读"
LOW, HIGH, PIECE, READ, ROOM = 16, 64, 32, 16, 10    # KiB; the last: boxes of 16 KiB that are drawn
TURNS = 9
CODE = Code("""
while True:
    writer.write(bytes(32 * 1024))
    await writer.drain()
""")


def run(how, peer):
    """[(what happens: write, wait, read, still or resume; KiB in the buffer; whether writing is paused)]."""
    told, size, paused = [], 0, False
    for _ in range(TURNS):
        if not paused and size + PIECE <= ROOM * 16:
            size += PIECE
            paused = how == DRAIN and size > HIGH    # without drain nobody asks
            told.append(("write", size, paused))
        if paused and peer == DEAF:
            return [*told, ("wait", size, True)]
        if peer == SLOW:
            size -= READ
            resumes = paused and size <= LOW
            paused = paused and size > LOW
            told.append(("resume" if resumes else "read", size, paused))
    return told


def film(how, peer):
    """The views, a write or a read a step."""
    says = {
        "write": lambda size, paused: f"写 32 KiB，缓冲区里 {size} KiB。" + (
            "高过高水位 64 KiB，drain 开始等。" if paused else
            "高过高水位，可是没有人 drain，接着写。" if size > HIGH else ""),
        "wait": lambda size, _: f"对方不读，{size} KiB 不会少，drain 一直等。内存也不再涨。",
        "read": lambda size, paused: f"对方读走 16 KiB，还有 {size} KiB。" + (
            "还没有降到低水位，drain 接着等。" if paused else ""),
        "resume": lambda size, _: f"对方读走 16 KiB，还有 {size} KiB：降到低水位，drain 返回，接着写。",
    }
    views = [View("发送缓冲区是空的。一格 16 KiB，低水位在第 1 格，高水位在第 4 格。",
                  {"size": "0 KiB", "writer": "程序", "peer": "对方"})]
    for what, size, paused in run(how, peer):
        cells = {f"box{place}": ("", "red" if place >= HIGH // 16 else "amber") for place in range(size // 16)}
        cells |= {"size": f"{size} KiB", "writer": ("停在 drain", "amber") if paused else ("在写", "green"),
                  "peer": ("在读", "green") if what in ("read", "resume") else ("不读", "plain")}
        views.append(View(says[what](size, paused), cells, (), (3,) if paused or what == "resume" else (2,)))
    if how == WRITE:
        views.append(View(f"{run(how, peer)[-1][1]} KiB 了，还是没有人等：画到这里为止，真的程序一直涨到内存用完。",
                          dict(views[-1].cells)))
    return tuple(views)


SCENE = Sweep(
    name="water_mark",
    title="两条水位线：drain 什么时候等",
    board=Board(
        height=138,
        cells=(Cell("writer", 8, 10, 96, 30, 12), Cell("size", 116, 10, 96, 30, 12), Cell("peer", 224, 10, 96, 30, 12),
               *(Cell(f"box{place}", 8 + 31.4 * place, 66, 29, 34, 11) for place in range(ROOM))),
        labels=(Label(8, 56, "发送缓冲区，一格 16 KiB", anchor="start"),
                *(Label(2 + 31.4 * mark / 16, 116, f"↑ {words} {mark} KiB", 11, "start")
                  for words, mark in (("低水位", LOW), ("高水位", HIGH)))),
    ),
    sliders=(Slider("写法", (DRAIN, WRITE)), Slider("对方", (SLOW, DEAF))),
    film=film,
    legend=(("green", "在走"), ("amber", "在等；还没有交给内核的字节"), ("red", "高过高水位的")),
    code=CODE,
)
