"""等的时候，CPU 空着：downloads one after the other or all at once, on one processor.

Each asks (that takes the processor), then waits for its answer (that takes nobody's). One after the other, waits add
up; together they lie on top of each other, until the asking itself fills the processor: then more of them only queue.
Sources: time(7), "elapsed" and "CPU time"; pthreads(7). Each download takes five squares by itself. Left out: what a
thread costs, and that a kernel shares the processor in slices instead of letting each finish.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

LENGTH, MOST = 5, 3                     # squares of one download, downloads
TURNS, ONCE = "一个接一个", "一起等"
SLOTS = LENGTH * MOST
CODE = Code("""
def download(server):
    server.sendall(request)     # 用 CPU
    return server.recv(1024)    # 等外面

for server in servers:
    download(server)
# 一起等：
with ThreadPoolExecutor() as pool:
    pool.map(download, servers)
""")


def run(count, asks, how):
    """[(first square, square in which it begins to wait, first square after its end)], a download each."""
    done, free = [], 0
    for _ in range(count):
        start, waits = free, free + asks
        end = waits + LENGTH - asks
        done.append((0 if how == ONCE else start, start, waits, end))
        free = waits if how == ONCE else end
    return done


def film(count, asks, how):
    """The views: a step for all squares that are alike."""
    done = run(count, asks, how)
    end = max(stop for *_, stop in done)
    first = f"{count} 个下载，{how}。每个要用 CPU {asks} 格，然后等 {LENGTH - asks} 格，等的时候不用 CPU。"
    views = [_view(0, done, how, first)]
    told = [_told(slot, done) for slot in range(end)]
    begun = 0
    for now in range(1, end + 1):
        if now == end or told[now] != told[begun]:
            squares = f"{begun + 1}" if now == begun + 1 else f"{begun + 1} 到 {now}"
            views.append(_view(now, done, how, f"第 {squares} 格：{told[begun]}"))
            begun = now
    busy = count * asks
    last = f"{end} 格做完：CPU 忙了 {busy} 格，空着 {end - busy} 格。"
    if count > 1:
        last += _judged(end, busy, count, how)
    return (*views, _view(end, done, how, last))


def _judged(end, busy, count, how):
    if how == TURNS:
        return f"一起等，只要 {max(stop for *_, stop in run(count, busy // count, ONCE))} 格。"
    saved = count * LENGTH - end
    few = "" if busy < end - busy else "：大半时间 CPU 在忙，没有多少等可以叠在一起"
    return f"一个接一个要 {count * LENGTH} 格，省下 {saved} 格{few}。"


def _told(slot, done):
    asks = [number for number, (_, start, waits, _) in enumerate(done, 1) if start <= slot < waits]
    waiting = [number for number, (_, _, waits, end) in enumerate(done, 1) if waits <= slot < end]
    queue = [number for number, (ready, start, *_) in enumerate(done, 1) if ready <= slot < start]
    told = [f"CPU 在替下载 {asks[0]} 干活"] if asks else ["CPU 空着"]
    if waiting:
        told.append(f"下载 {_names(waiting)} 在等回答")
    if queue:
        told.append(f"下载 {_names(queue)} 排队等 CPU")
    return "，".join(told) + "。"


def _names(numbers):
    return "、".join(map(str, numbers))


def _view(now, done, how, caption):
    cells, at = {}, set()
    for number, (ready, start, waits, end) in enumerate(done, 1):
        cells |= {f"{number}-{slot}": ("排" if how == ONCE else "", "plain") for slot in range(ready, min(start, now))}
        cells |= {f"{number}-{slot}": ("算", "green") for slot in range(start, min(waits, now))}
        cells |= {f"cpu{slot}": (f"{number}", "green") for slot in range(start, min(waits, now))}
        cells |= {f"{number}-{slot}": ("等", "amber") for slot in range(waits, min(end, now))}
        if ready < now <= end:
            at |= {2} if start < now <= waits else {3} if now > waits else set()
    if at:
        at |= {6} if how == TURNS else {9}
    return View(caption, cells, (), tuple(sorted(at)))


LANES = {**{str(number): f"下载 {number}" for number in range(1, MOST + 1)}, "cpu": "CPU"}
TOPS = dict(zip(LANES, (12, 40, 68, 108), strict=True))

SCENE = Sweep(
    name="wait_together",
    title="等的时候，CPU 可以给别人",
    board=Board(
        height=156,
        cells=tuple(Cell(f"{lane}-{slot}" if lane != "cpu" else f"cpu{slot}", 46 + 18.8 * slot, top, 17.4, 24, 10)
                    for lane, top in TOPS.items() for slot in range(SLOTS)),
        labels=(*(Label(42, TOPS[lane] + 12, words, 11, anchor="end") for lane, words in LANES.items()),
                *(Label(54.7 + 18.8 * slot, 146, f"{slot + 1}", 10) for slot in range(SLOTS))),
    ),
    sliders=(Slider("下载", (1, 2, 3), " 个", at=2), Slider("每个用 CPU", (1, 2, 4), " 格"),
             Slider("办法", (TURNS, ONCE))),
    film=film,
    legend=(("green", "CPU 在替它干活"), ("amber", "等外面，不用 CPU"), ("plain", "排队等 CPU")),
    code=CODE,
)
