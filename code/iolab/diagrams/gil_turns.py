"""GIL：who holds it, and how long one waits that wants it back.

Only who holds the lock runs Python. A thread that blocks lets go of it; one that computes keeps it until another has
waited a switch interval and asks for it. So a thread that waits for the network gets its data at once and the lock an
interval later, each time. Sources: sys.setswitchinterval() in the Python library reference; Python/ceval_gil.c, "the
thread that wants the GIL waits INTERVAL and then sets gil_drop_request". Each square is 5 ms. Left out: what a switch
costs, that a holder only looks at the request between two instructions, and that sendall() lets go of the lock too, so
that somebody may take it and B waits another interval before it sleeps in recv() again.
"""

from itertools import pairwise

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

SQUARE, SLOTS, WORK, EVERY = 5, 20, 10, 4   # ms; squares; squares that one computes; squares until data come
COMPUTES, SERVES = "也在计算", "在等网络"
CODE = Code("""
sys.setswitchinterval(interval)

def compute():
    for number in range(many):
        total += number

def serve():
    while data := conn.recv(1024):
        conn.sendall(data.upper())
""")


def run(interval, other):
    """[(what A does, what B does)], square by square: "R" has the lock, "G" wants it, "S" sleeps, "" is done."""
    return _two(interval // SQUARE) if other == COMPUTES else _served(interval // SQUARE)


def _two(turn):
    left, did, holder, since = {"A": WORK, "B": WORK}, [], "A", 0
    while any(left.values()):
        rival = "B" if holder == "A" else "A"
        if not left[holder] or (since >= turn and left[rival]):
            holder, rival, since = rival, holder, 0
        left[holder] -= 1
        since += 1
        did.append({holder: "R", rival: "G" if left[rival] else ""})
    return [(one["A"], one["B"]) for one in did]


def _served(turn):
    """A has no end; B answers within one square, then its client sends again some squares later."""
    did, comes, wants = [], EVERY, 0
    while len(did) < SLOTS:
        if len(did) < comes:
            did.append(("R", "S"))
        elif wants < turn:
            wants += 1
            did.append(("R", "G"))
        else:
            did.append(("G", "R"))
            comes, wants = len(did) + EVERY, 0
    return did


def film(interval, other):
    """The views: a step for all squares that are alike."""
    did = run(interval, other)
    views = [_view(did, 0, f"A 在计算，B {other}。切换间隔 {interval} 毫秒：等 GIL 的线程等满它，才让对方放手。", ())]
    begun = 0
    for now in range(1, len(did) + 1):
        if now == len(did) or did[now] != did[begun]:
            caption, at = _told(*did[begun], (now - begun) * SQUARE, interval, other == SERVES)
            views.append(_view(did, now, f"{begun * SQUARE} 到 {now * SQUARE} 毫秒：{caption}", at))
            begun = now
    return (*views, _view(did, len(did), _end(did, interval, other), ()))


def _told(one, two, lasts, interval, serves):
    if two == "S":
        return "A 拿着 GIL 计算，B 睡在 recv() 里，不要 GIL。", (5, 8)      # recv() lets go of it while it waits
    if one == "R" and two == "G":
        full = "满一个切换间隔" if lasts >= interval else "还没有满一个切换间隔"
        return f"A 拿着 GIL，B 要它，在等，等了 {lasts} 毫秒，{full}。", (5,)
    if one == "G" and two == "R":
        return "B 拿着 GIL，A 要它，在等。", (9,) if serves else (5,)
    return f"只有 {'A' if one == 'R' else 'B'} 要 GIL，没有人和它争。", (5,)


def _end(did, interval, other):
    if other == COMPUTES:
        switches = sum(one != two for one, two in pairwise(did) if "" not in two)
        return f"做完一共 {len(did) * SQUARE} 毫秒，两个线程没有快一点；换手 {switches} 次，任何时刻只有一个在跑。"
    answers = sum(two == "R" for _, two in did)
    late = f"B 的数据一到它就醒，可是每次都要等 {interval} 毫秒才拿到 GIL。"
    return f"{late}{len(did) * SQUARE} 毫秒里，它只答了 {answers} 次。"


def _view(did, now, caption, at):
    cells = {}
    for slot, pair in enumerate(did[:now]):
        for name, does in zip("AB", pair, strict=True):
            if does:
                cells[f"{name}{slot}"] = {"R": ("跑", "green"), "G": ("等", "amber"), "S": ("睡", "plain")}[does]
            if does == "R":
                cells[f"lock{slot}"] = name, "green"
    return View(caption, cells, (), at)


LANES = {"A": ("线程 A", 16), "B": ("线程 B", 46), "lock": ("GIL 在谁手里", 92)}

SCENE = Sweep(
    name="gil_turns",
    title="GIL 在谁手里",
    board=Board(
        height=142,
        cells=tuple(Cell(f"{lane}{slot}", 76 + 12.5 * slot, top, 12, 26, 9) for lane, (_, top) in LANES.items()
                    for slot in range(SLOTS)),
        labels=(*(Label(71, top + 13, words, 10.5, anchor="end") for words, top in LANES.values()),
                *(Label(82 + 12.5 * slot, 132, f"{slot * SQUARE}", 9.5) for slot in range(0, SLOTS, 4)),
                Label(71, 132, "毫秒", 9.5, anchor="end")),
    ),
    sliders=(Slider("切换间隔", (5, 10, 20), " 毫秒"), Slider("线程 B", (COMPUTES, SERVES))),
    film=film,
    legend=(("green", "拿着 GIL，在运行"), ("amber", "要 GIL，在等"), ("plain", "等网络，不要 GIL")),
    code=CODE,
)
