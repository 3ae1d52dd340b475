"""公平的调度：who gets the core next, when each has a nice value and one of them mostly waits.

Each process has a virtual time: what it has run, times 1024 / the weight of its nice value. Whoever has the least of
it runs next; who comes back from waiting is put level with the least in the queue and goes first. Sources: Linux,
Documentation/scheduler/sched-design-CFS.rst, "CFS tries to run the task with the smallest p->se.vruntime value"; the
weights are sched_prio_to_weight of kernel/sched/core.c. Left out: the deadlines by which EEVDF (since 6.6) chooses
among those that have run less than their share, and that the length of a turn varies.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

NAMES, TURNS, TURN, EVERY = ("甲", "乙", "丙"), 12, 3, 4    # a turn is 3 ms; 丙 is woken in each fourth turn
WEIGHTS = {0: 1024, 1: 820, 5: 335, 10: 110, 19: 15}
WAITS, WAKES, COMPUTES = "一直在等", "有时醒来", "一直在算"
CODE = Code("""
os.nice(n)              # 乙
while True: pass        # 甲和乙
connection.recv(1024)   # 丙
""")


def turns(nice, visitor):
    """[(who runs, virtual times before, who is in the queue besides, who waits)], a turn each."""
    cost = [TURN, TURN * 1024 / WEIGHTS[nice], TURN]
    times, ready, found = [0.0] * len(NAMES), [0, 1] + [2] * (visitor == COMPUTES), []
    for turn in range(TURNS):
        if visitor == WAKES and turn % EVERY == 2:
            times[2] = max(times[2], min(times[one] for one in ready))
            ready = [2, *ready]
        now = min(ready, key=lambda one: round(times[one], 6))    # of equals, the first in the queue
        found.append((now, tuple(times), tuple(one for one in ready if one != now),
                      tuple(one for one in range(len(NAMES)) if one not in ready)))
        times[now] += cost[now]
        ready.remove(now)
        if now != 2 or visitor == COMPUTES:
            ready.append(now)
    return found, tuple(times)


def film(nice, visitor):
    """The views for the nice value of 乙 and what 丙 does."""
    found, last = turns(nice, visitor)
    views = [_view([], (0.0,) * 3, nice,
                   f"一个核，三个进程。甲和乙一直计算，乙的 nice 是 {nice}；丙{visitor}。现在谁先运行？")]
    for turn, (who, before, *_) in enumerate(found):
        after = found[turn + 1][1] if turn + 1 < TURNS else last
        woken = who == 2 and visitor == WAKES
        said = f"{NAMES[who]}的虚拟时间最小，运行 {TURN} 毫秒，虚拟时间加 {after[who] - before[who]:.0f}。"
        if woken:
            said = f"丙等的事发生了，它排进队伍。等的时候虚拟时间没有增加，这时它最小：运行 {TURN} 毫秒，又去等。"
        views.append(_view(found[:turn + 1], after, nice, said, (3,) if woken else (2,)))
    counts = [sum(who == one for who, *_ in found) for one in range(len(NAMES))]
    words = "，".join(f"{name} {count} 段" for name, count in zip(NAMES, counts, strict=True) if count)
    views.append(_view(found, last, nice, f"{TURNS} 段里：{words}。甲和乙的权重是 1024 比 {WEIGHTS[nice]}，"
                                         f"时间长了，就按这个比例分，谁也不会一直轮不到。", (1,)))
    return tuple(views)


def _view(found, times, nice, caption, at=()):
    cells = {f"time{one}": f"{time:.0f}" for one, time in enumerate(times)}
    cells["nice1"] = f"nice {nice}"
    cells |= {"nice0": "nice 0", "nice2": "nice 0"}
    for turn, (who, _, queue, waiting) in enumerate(found):
        cells[f"turn{who}-{turn}"] = "", "green"
        cells |= {f"turn{one}-{turn}": "" for one in queue}
        cells |= {f"turn{one}-{turn}": ("", "amber") for one in waiting}
    return View(caption, cells, (), at)


SCENE = Sweep(
    name="fair_turns",
    title="公平的调度，一个简化的模型：虚拟时间最小的先运行",
    board=Board(
        height=146,
        cells=(*(Cell(f"nice{one}", 22, 28 + 36 * one, 56, 28, 11) for one in range(len(NAMES))),
               *(Cell(f"turn{one}-{turn}", 84 + 15.5 * turn, 28 + 36 * one, 13.5, 28, comes=True)
                 for one in range(len(NAMES)) for turn in range(TURNS)),
               *(Cell(f"time{one}", 274, 28 + 36 * one, 52, 28, 12) for one in range(len(NAMES)))),
        labels=(*(Label(10, 42 + 36 * one, name, 12.5, bold=True) for one, name in enumerate(NAMES)),
                Label(84, 14, "一格是 3 毫秒", anchor="start"), Label(300, 14, "虚拟时间", bold=True)),
    ),
    sliders=(Slider("乙的 nice", tuple(WEIGHTS), at=2), Slider("丙", (WAITS, WAKES, COMPUTES), at=1)),
    film=film,
    legend=(("green", "在运行"), ("plain", "就绪，在排队"), ("amber", "在等")),
    code=CODE,
)
