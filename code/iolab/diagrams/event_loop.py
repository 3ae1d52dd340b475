"""一个事件循环：who waits while the handler of one client computes.

A loop calls one handler after the other in the order in which they became ready; nobody interrupts one that computes.
Work that is given to a pool of processes leaves the loop free. Sources: asyncio in the Python library reference,
"Developing with asyncio", section "Running Blocking Code"; select(2). Each square is 20 ms; the handler of A computes
as long as readers say, those of B, C and D need one square each. Left out: what handing over to the pool costs.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

SLOT, SLOTS = 20, 13                    # milliseconds, squares
CLIENTS = "ABCD"                        # each one's request comes one square after that of the one before
DIRECT, POOL = "自己算", "交给进程池"
CODE = Code("""
async def handle(reader, writer):
    request = await reader.readline()
    answer = compute(request)
    # answer = await pooled(compute, request)
    writer.write(answer)
""")


def served(slots, how):
    """[(client, who works for it: "loop" or "pool", first square, first square after the end)] in order of the ends."""
    free, work = 0, []
    for arrives, client in enumerate(CLIENTS):
        if client == "A" and how == POOL:
            work.append((client, "pool", arrives, arrives + slots))
            continue
        start = max(free, arrives)
        free = start + (slots if client == "A" else 1)
        work.append((client, "loop", start, free))
    return sorted(work, key=lambda one: one[3])


def film(milliseconds, how):
    """The views of one run, a square a step, until all are answered."""
    work = served(milliseconds // SLOT, how)
    end = max(done for *_, done in work)
    views = [_view(0, work, f"A 的请求要算 {milliseconds} 毫秒，B、C、D 的只要 {SLOT} 毫秒，先后到来。", ())]
    for now in range(1, end + 1):
        busy = {place: client for client, place, start, done in work if start < now <= done}
        waits = [client for client, _, start, _ in work if CLIENTS.index(client) < now <= start]
        views.append(_view(now, work, f"{now * SLOT} 毫秒：{_told(busy, sorted(waits))}", _lit(busy)))
    waited = {client: (start - CLIENTS.index(client)) * SLOT for client, _, start, _ in work}
    worst = max(CLIENTS, key=lambda client: waited[client])
    told = "都回答了，没有人等过。"
    if waited[worst]:
        told = f"都回答了。等得最久的是 {worst}：{waited[worst]} 毫秒才轮到它，而它自己只要算 {SLOT} 毫秒。"
    return (*views, _view(end, work, told, ()))


def _told(busy, waits):
    parts = [f"循环在替 {busy['loop']} 计算" if "loop" in busy else "循环闲着，等下一个事件"]
    if "pool" in busy:
        parts.append(f"进程池在替 {busy['pool']} 计算")
    if waits:
        parts.append(f"{'、'.join(waits)} 的数据到了，没有人看")
    return "，".join(parts) + "。"


def _lit(busy):
    return tuple(line for place, line in (("loop", 3), ("pool", 4)) if place in busy) or (2,)


def _view(now, work, caption, at):
    cells = {}
    for client, place, start, done in work:
        arrives = CLIENTS.index(client)
        cells |= {f"{client}{slot}": ("", "amber") for slot in range(arrives, min(start, now))}
        cells |= {f"{client}{slot}": ("", "green") for slot in range(start, min(done, now))}
        cells |= {f"{place}{slot}": (client, "green") for slot in range(start, min(done, now))}
    return View(caption, cells, (), at)


LANES = {"loop": "事件循环", "pool": "进程池", **{client: f"客户端 {client}" for client in CLIENTS}}
TOPS = dict(zip(LANES, (16, 44, 86, 110, 134, 158), strict=True))

SCENE = Sweep(
    name="event_loop",
    title="一个事件循环：一个在算，谁在等",
    board=Board(
        height=202,
        cells=tuple(Cell(f"{lane}{slot}", 62 + 20.5 * slot, TOPS[lane], 18, 20, 10)
                    for lane in LANES for slot in range(SLOTS)),
        labels=(*(Label(56, TOPS[lane] + 10, words, 11, anchor="end") for lane, words in LANES.items()),
                *(Label(62 + 20.5 * slot, 192, f"{slot * SLOT}", 10) for slot in range(0, SLOTS, 2)),
                Label(30, 192, "毫秒", 10)),
    ),
    sliders=(Slider("A 要算", (20, 80, 200), " 毫秒", at=2), Slider("办法", (DIRECT, POOL))),
    film=film,
    legend=(("green", "在替它算"), ("amber", "到了，在等")),
    code=CODE,
)
