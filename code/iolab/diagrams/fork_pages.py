"""fork：the tree of processes, and the pages that are copied only when somebody writes (copy on write).

After fork() all page tables point at the same pages, which the kernel makes read-only; the first write to a shared one
faults and gets a copy, the write to one that nobody else uses any more does not. Sources: fork(2), "implemented using
copy-on-write pages"; proc_pid_pagemap(5), bit 56: "page exclusively mapped". The page tables themselves, some KB, are
copied at once and left out here.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

NAMES, PAGES = ("父", "子", "孙"), ("甲", "乙")
CODE = Code("""
memory = mmap(-1, 2 * PAGE,
              MAP_PRIVATE)
pid = os.fork()
memory[0] = value       # 写页甲
memory[PAGE] = value    # 写页乙
os._exit(0)
""")


def alive(state):
    return [number for number in range(len(NAMES)) if any(users >> number & 1 for _, users in state[0])]


def press(state, button):
    """state: for each of the two pages the frames that exist, as (what is written there, bits of the processes)."""
    verb, who, page = button.split("-")
    who, there = int(who), alive(state)
    if who not in there:
        return f"{NAMES[who]}进程不在。"
    if verb == "fork":
        return _fork(state, who, there)
    if verb == "exit":
        gone = tuple(tuple((text, users & ~(1 << who)) for text, users in frames if users != 1 << who)
                     for frames in state)
        return Went(gone, f"{NAMES[who]}进程结束：只有它用的页还给内核，共享的页少了一个用户。")
    return _write(state, who, int(page))


def _fork(state, who, there):
    child = who + 1
    if child in there:
        return f"{NAMES[child]}进程已经在了。"
    shared = tuple(tuple((text, users | (users >> who & 1) << child) for text, users in frames) for frames in state)
    return Went(shared, f"{NAMES[who]}进程 fork：{NAMES[child]}进程得到一张新的页表，指着同样的页。"
                        "一页内容也没有复制，都改成了只读。", (f"way{who}",))


def _write(state, who, page):
    [(_, users)] = [frame for frame in state[page] if frame[1] >> who & 1]
    rest = [(text, left) for text, others in state[page] if (left := others & ~(1 << who))]
    frames = tuple(sorted([*rest, (NAMES[who], 1 << who)], key=lambda frame: frame[1]))
    done = tuple(frames if number == page else other for number, other in enumerate(state))
    if users == 1 << who:
        return Went(done, f"{NAMES[who]}进程写页{PAGES[page]}：这一页只有它在用，直接写，不复制。")
    others = "、".join(NAMES[number] for number in range(len(NAMES)) if users >> number & 1 and number != who)
    return Went(done, f"{NAMES[who]}进程写页{PAGES[page]}：这一页和{others}共享，缺页，内核复制一页给它写。"
                      f"{others}看到的还是旧的。")


def look(state):
    cells = {"frames": f"一共 {sum(map(len, state))} 页"}
    for number in alive(state):
        cells[f"process{number}"] = f"{NAMES[number]}进程"
        for page, frames in enumerate(state):
            [(text, users)] = [frame for frame in frames if frame[1] >> number & 1]
            cells[f"page{number}-{page}"] = (f"{text}写的" if text != "原" else "原样",
                                            "green" if users == 1 << number else "plain")
    return cells


TOP, LEFT = 40, 22

SCENE = Machine(
    name="fork_pages",
    title="fork 之后：写了才复制",
    board=Board(
        height=222,
        cells=(*(Cell(f"process{number}", 8 + LEFT * number, TOP + 60 * number, 74, 34, 12.5, comes=True)
                 for number in range(len(NAMES))),
               *(Cell(f"page{number}-{page}", 150 + 88 * page, TOP + 60 * number, 80, 34, 12, comes=True)
                 for number in range(len(NAMES)) for page in range(len(PAGES))),
               Cell("frames", 238, 12, 80, 20)),
        labels=(Label(8, 22, "进程", anchor="start", bold=True), Label(150, 22, "它的页", anchor="start", bold=True),
                Label(190, 210, "页甲"), Label(278, 210, "页乙")),
        ways=tuple(Way(f"way{number}", ((20 + LEFT * number, TOP + 60 * number + 36),
                                        (20 + LEFT * number, TOP + 60 * number + 77),
                                        (27 + LEFT * number, TOP + 60 * number + 77))) for number in range(2)),
    ),
    buttons=(Button("fork-0-", "父 fork", (3,)), Button("fork-1-", "子 fork", (3,)),
             Button("write-0-0", "父写甲", (4,)), Button("write-1-0", "子写甲", (4,)),
             Button("write-1-1", "子写乙", (5,)), Button("write-2-0", "孙写甲", (4,)),
             Button("exit-1-", "子结束", (6,))),
    start=((("原", 1),), (("原", 1),)),
    opening="一个进程，两页内存，都只有它自己在用。",
    press=press,
    look=look,
    story=("fork-0-", "write-1-0", "write-0-0", "fork-1-", "write-2-0", "exit-1-"),
    legend=(("green", "独占：写就写了"), ("plain", "共享：谁写，谁先得到一份复制")),
    code=CODE,
)
