"""管道和共享内存：who copies what, until the other process has the data.

Through a pipe every byte is copied twice, into the kernel by write() and out of it by read(); a pipe holds 64 KiB, so
that write() waits where there is more and goes on when somebody reads. Shared memory is the same pages in both: nothing
is copied, and nobody is told, so that a semaphore has to say when the data are there. Sources: pipe(7), "the pipe
capacity is 16 pages"; shm_overview(7); sem_post(3). Left out: what one copies oneself, into the shared pages and out.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View, Way

BLOCK, ROOM, MOST = 32, 2, 4                # KiB, blocks that a pipe holds, blocks of the largest message
PIPE, SHARED = "管道", "共享内存"
CODE = Code("""
# 管道
os.write(w, data)
part = os.read(r, 65536)
# 共享内存
memory.buf[:size] = data
ready.release()
ready.acquire()
use(memory.buf[:size])
""")


def film(way, size):
    """The views of `size` KiB going from one process to another."""
    return tuple(_piped(size // BLOCK) if way == PIPE else _shared(size // BLOCK))


def _piped(count):
    left, inside, got = count, 0, 0
    room = f"管道是内核里的一块内存，最多装 {ROOM * BLOCK} KiB。"
    yield _view(f"写的一方有 {count * BLOCK} KiB。{room}", left, inside, got)
    while got < count:
        moved = min(left, ROOM - inside)
        left, inside = left - moved, inside + moved
        said = f"write() 把 {moved * BLOCK} KiB 复制进内核"
        said += f"，还有 {left * BLOCK} KiB 放不下：管道满了，它停着等。" if left else "，返回。"
        yield _view(said, left, inside, got, ("in",), (2,), waits=bool(left))
        moved, inside, got = inside, 0, got + inside
        yield _view(f"read() 把 {moved * BLOCK} KiB 从内核复制出来。" + ("管道空了，write() 接着写。" if left else ""),
                    left, inside, got, ("out",), (3,), waits=bool(left))
    yield _view(f"到齐了。每个字节复制了 2 次，内核一共替它们复制 {2 * count * BLOCK} KiB。", left, inside, got)


def _shared(count):
    size = count * BLOCK
    yield _view(f"写的一方有 {size} KiB 要交出去。两个进程的页表指着同一块内存，现在是空的。", count, 0, 0)
    for line, ways, caption in (
            (5, (), "直接写在共享的内存里：没有系统调用，内核一个字节也没有复制。可是对方不知道。"),
            (6, ("tell",), "release()：信号量加 1，叫醒对方。传过去的只是“好了”。"),
            (7, (), "acquire() 返回：对方知道数据在那里了，它看到的就是那几页。"),
            (8, (), f"原地使用：{size} KiB 一次也没有复制。谁先谁后，要自己管。")):
        yield _view(caption, 0, 0, 0, ways, (line,), shared=count, known=line > 6)


def _view(caption, left, inside, got, ways=(), at=(), waits=False, shared=0, known=False):
    cells = {f"from{block}": (f"{BLOCK}K", "amber" if waits else "plain") for block in range(left)}
    cells |= {f"pipe{block}": (f"{BLOCK}K", "blue") for block in range(inside)}
    cells |= {f"to{block}": (f"{BLOCK}K", "green") for block in range(got)}
    for block in range(shared):
        cells[f"from{block}"] = cells[f"to{block}"] = f"{BLOCK}K", "green" if known else "violet"
    return View(caption, cells, ways, at)


def _row(name, count, top):
    return [Cell(f"{name}{block}", 14 + 60 * block, top, 54, 34, 12) for block in range(count)]


SCENE = Sweep(
    name="pipe_or_shared",
    title="管道和共享内存：谁复制了什么",
    board=Board(
        height=210,
        cells=(*_row("from", MOST, 26), *_row("pipe", ROOM, 98), *_row("to", MOST, 170)),
        labels=(Label(14, 14, "写的进程看到的内存", anchor="start", bold=True),
                Label(14, 86, "内核里的管道", anchor="start", bold=True),
                Label(14, 158, "读的进程看到的内存", anchor="start", bold=True), Label(316, 116, "信号量", 10, "end")),
        ways=(Way("in", ((150, 62), (150, 94))), Way("out", ((150, 134), (150, 166))),
              Way("tell", ((272, 62), (272, 166)))),
    ),
    sliders=(Slider("办法", (PIPE, SHARED)), Slider("数据", (32, 64, 128), " KiB", at=2)),
    film=film,
    legend=(("blue", "在内核里"), ("amber", "write() 在等"), ("violet", "写好了，对方还不知道"),
            ("green", "读的一方有了")),
    code=CODE,
)
