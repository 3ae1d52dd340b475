"""等数据的四种办法：one program, two connections, and where the time goes until both messages are received.

Blocking waits for one and is deaf to the other; asking again and again costs the processor; a time-out gives up one
wait for another; select sleeps until any of them has something. Sources: recv(2), EAGAIN; select(2); socket(7),
SO_RCVTIMEO; book/traces/io_calls.json has the same calls as strace recorded them. Each square is a moment.
"""

from iolab.model import Board, Cell, Label, Slider, Sweep, View

SLOTS, LIMIT, SECOND = 11, 3, 4         # squares; how long the time-out waits; when the message of B arrives
KINDS = "阻塞", "非阻塞", "超时", "多路复用"


def run(kind, first):
    """What the program does in each square until it has both: (word, connection or "")."""
    arrives, got, did, waits = {"甲": first, "乙": SECOND}, set(), [], 0
    while len(got) < 2:
        now, there = len(did), [name for name, when in arrives.items() if when <= len(did) and name not in got]
        aim = next(name for name in arrives if name not in got)
        if kind == "超时" and aim == "甲" and "甲" not in there and waits >= LIMIT:
            waits, aim = 0, "乙"
            did.append(("超时", "甲"))
            continue
        if kind == "超时" and did and did[-1] == ("超时", "甲") and "乙" not in got:
            aim = "乙"
        ready = there if kind in ("非阻塞", "多路复用") else [name for name in there if name == aim]
        if ready:
            got.add(ready[0])
            waits = 0
            did.append(("收", ready[0]))
        else:
            waits += 1
            did.append(("问", "") if kind == "非阻塞" else ("等", "" if kind == "多路复用" else aim))
        assert now < SLOTS
    return did


def film(kind, first):
    """The views, a square a step."""
    did = run(kind, first)
    views = [_view(did, 0, first, f"{kind}：甲的数据在第 {first} 格到，乙的在第 {SECOND} 格到。程序两个都要。")]
    for now, (word, name) in enumerate(did, 1):
        views.append(_view(did, now, first, f"第 {now - 1} 格：{_told(kind, word, name, did[:now], first)}"))
    asleep, asked = (sum(word == one for word, _ in did) for one in ("等", "问"))
    late = {name: did.index(("收", name)) - when for name, when in (("甲", first), ("乙", SECOND))}
    views.append(_view(did, len(did), first, f"都收到了。睡了 {asleep} 格，白问了 {asked} 格；"
                                             f"甲的数据到了以后等了 {late['甲']} 格，乙的等了 {late['乙']} 格。"))
    return tuple(views)


def _told(kind, word, name, did, first):
    now = len(did) - 1
    if word == "收":
        return f"recv({name}) 返回数据。"
    if word == "超时":
        return f"等{name}等了 {LIMIT} 格，TimeoutError：先去看另一个。"
    if word == "问":
        return "recv(甲)、recv(乙) 都立刻返回 EAGAIN，再问。"
    if not name:
        return "程序睡在 select([甲, 乙]) 里，不占 CPU。"
    other = "乙" if name == "甲" else "甲"
    heard = {"甲": first, "乙": SECOND}[other] <= now and ("收", other) not in did
    return f"程序睡在 recv({name}) 里，不占 CPU" + (f"；{other}的数据已经到了，没有人收。" if heard else "。")


TONES = {"等": "amber", "问": "red", "收": "green", "超时": "red"}


def _view(did, now, first, caption):
    cells = {}
    for slot, (word, name) in enumerate(did[:now]):
        cells[f"program{slot}"] = word[0] + name if word in "等收" else word[:3], TONES[word]
        if word != "等":
            cells[f"cpu{slot}"] = "", "green"
    for name, row, when in (("甲", "a", first), ("乙", "b", SECOND)):
        taken = did.index(("收", name))
        cells |= {f"{row}{slot}": ("", "amber") for slot in range(when, min(taken, now))}
        if taken < now:
            cells[f"{row}{taken}"] = "", "green"
    return View(caption, cells)


LANES = {"program": ("程序", 20), "cpu": ("CPU", 52), "a": ("甲的数据", 84), "b": ("乙的数据", 116)}

SCENE = Sweep(
    name="io_kinds",
    title="等数据的四种办法",
    board=Board(
        height=164,
        cells=tuple(Cell(f"{lane}{slot}", 58 + 24.6 * slot, top, 23, 26, 9.5)
                    for lane, (_, top) in LANES.items() for slot in range(SLOTS)),
        labels=(*(Label(52, top + 13, words, 11, anchor="end") for words, top in LANES.values()),
                *(Label(69 + 24.6 * slot, 154, f"{slot}", 10) for slot in range(SLOTS))),
    ),
    sliders=(Slider("办法", KINDS), Slider("甲的数据", (2, 8), " 格到", at=1)),
    film=film,
    legend=(("amber", "在等：程序睡着，或者数据没人收"), ("green", "CPU 在用；收到了"), ("red", "白问一次，或者超时")),
)
