"""就绪与完成：the same reads by epoll and by io_uring, with the two rings and every system call counted.

epoll says that a read would not wait now, and the program makes it; io_uring is told what to read and where to, and
says that it is done. The rings are memory that program and kernel share: writing an entry and taking a completion is no
system call. Sources: epoll(7); io_uring(7), io_uring_enter(2), min_complete; code/day10/uring_read.py. Left out:
epoll_ctl and io_uring_setup, once for all before; IORING_SETUP_SQPOLL, which needs no call at all.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

RINGS, READY = "io_uring", "epoll"
COUNTS = 1, 3
CODE = Code("""
for fd, _ in poller.poll():
    data = os.read(fd, 100)
    use(data)

for fd in fds:
    ring.put(fd, buffers[fd], fd)
ring.enter(submit=n, wait=n)
for fd, count in ring.take():
    use(buffers[fd][:count])
""")


def film(how, count):
    """The views. Every one says how many system calls there were."""
    return tuple((_by_rings if how == RINGS else _by_readiness)(count))


def _view(caption, calls, state, at, **cells):
    return View(caption, {"calls": f"系统调用 {calls} 次", "state": state, **cells}, (), at)


def _each(name, places, text, tone="plain"):
    return {f"{name}{place}": (text, tone) for place in places}


def _by_rings(count):
    every, walks, waits = range(count), ("程序在走", "green"), ("程序停着", "amber")
    empty = _each("kernel", every, "没有数据")
    yield _view(f"{count} 个连接都还没有数据，程序要从每个里读。", 0, walks, (), **empty)
    yield _view(f"往提交环里写 {count} 项：读谁，放到哪里。环是和内核共用的内存，写它不是系统调用。", 0, walks, (5, 6),
                **empty, **_each("submit", every, "read", "blue"))
    yield _view(f"io_uring_enter：内核取走 {count} 项，记下来。要等 {count} 项都做完，程序停着。", 1, waits, (7,),
                **_each("kernel", every, "等数据", "amber"))
    for place in every:
        done = range(place + 1)
        yield _view(f"第 {place + 1} 个的数据到了：内核放进程序的缓冲区，往完成环里写一项。", 1, waits, (7,),
                    **_each("kernel", range(place + 1, count), "等数据", "amber"),
                    **_each("buffer", done, "数据", "green"), **_each("done", done, "结果 5", "violet"))
    yield _view(f"程序从完成环里取走 {count} 项，数据早就在缓冲区里。一共 1 次系统调用。", 1, walks, (8, 9),
                **_each("buffer", every, "数据", "green"))


def _by_readiness(count):
    every, walks, waits = range(count), ("程序在走", "green"), ("程序停着", "amber")
    yield _view(f"{count} 个连接都还没有数据，程序要从每个里读。", 0, walks, (), **_each("kernel", every, "没有数据"))
    yield _view("epoll_wait：有谁就绪？都没有，程序停着。", 1, waits, (1,), **_each("kernel", every, "没有数据"))
    yield _view(f"数据到了，在内核的接收缓冲区里。epoll_wait 返回：{count} 个可以读了。", 1, walks, (1,),
                **_each("kernel", every, "数据", "green"))
    for place in every:
        yield _view(f"程序自己去读第 {place + 1} 个：再一次系统调用，数据才搬过来。", 2 + place, walks, (2, 3),
                    **_each("kernel", range(place + 1, count), "数据", "green"),
                    **_each("buffer", range(place + 1), "数据", "green"))
    yield _view(f"读完了。一共 {count + 1} 次系统调用：1 次问谁就绪，{count} 次搬数据。", count + 1, walks, (),
                **_each("buffer", every, "数据", "green"))


LEFT = [96 + 76 * place for place in range(max(COUNTS))]
ROWS = {"buffer": (46, "程序的缓冲区"), "submit": (84, "提交环"), "done": (114, "完成环"), "kernel": (152, "内核里")}

SCENE = Sweep(
    name="uring",
    title="就绪与完成：谁来搬数据",
    board=Board(
        height=186,
        cells=(Cell("state", 8, 8, 130, 28, 12), Cell("calls", 190, 8, 130, 28, 12),
               *(Cell(f"{name}{place}", x, y, 70, 26, 11, comes=name in ("submit", "done"))
                 for name, (y, _) in ROWS.items() for place, x in enumerate(LEFT))),
        labels=tuple(Label(88, y + 14, words, anchor="end") for y, words in ROWS.values()),
    ),
    sliders=(Slider("办法", (RINGS, READY)), Slider("连接", COUNTS, " 个", at=1)),
    film=film,
    legend=(("green", "数据；程序在走"), ("blue", "交出去的"), ("violet", "做完的"), ("amber", "在等")),
    code=CODE,
)
