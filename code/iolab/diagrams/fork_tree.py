"""fork() three times in a loop: who makes whom, when children go on with the loop and when they leave it.

A process is named by the rounds in which it and its ancestors were made: "13" is the child that "1" made in round 3.
Source: fork(2), "creates a new process by duplicating the calling process": whoever calls it gets one child.
"""

from iolab.model import Board, Button, Cell, Code, Machine, Way, Went

ROUNDS, PARENT = 3, ""
PLACES = {PARENT: (132, 8), "1": (58, 70), "2": (176, 70), "3": (256, 70), "12": (22, 132), "13": (98, 132),
          "23": (176, 132), "123": (22, 194)}
WIDTH, HEIGHT = 68, 32
CODE = Code("""
for number in (1, 2, 3):
    pid = os.fork()
    if pid == 0:
        break           # 子进程离开循环
""")


def family(state):
    """The processes that there are after these rounds, the first one first. state: "all" or "one" for each round."""
    there = [PARENT]
    for number, who in enumerate(state, 1):
        there += [f"{name}{number}" for name in (there if who == "all" else [PARENT])]
    return there


def press(state, button):
    if len(state) == ROUNDS:
        return "循环结束了。从头再来一遍，换一种走法。"
    number, before = len(state) + 1, len(family(state))
    went = (*state, button)
    ways = tuple(f"way{name}" for name in family(went)[before:])
    who = "每个进程都在循环里，都 fork 一次" if button == "all" else "子进程都离开了循环，只有父进程 fork"
    return Went(went, f"第 {number} 次：{who}，{before} 个变成 {len(family(went))} 个。", ways)


def look(state):
    there = family(state)
    new = str(len(state))
    shown = {f"p{name}": (f"第 {name[-1]} 次" if name else "父进程", "green" if name[-1:] == new else "plain")
             for name in there}
    return shown | {"count": f"一共 {len(there)} 个"}


def down(name):
    (x, y), (above_x, above_y) = PLACES[name], PLACES[name[:-1]]
    return Way(f"way{name}", ((above_x + WIDTH / 2, above_y + HEIGHT + 2), (x + WIDTH / 2, y - 3)))


SCENE = Machine(
    name="fork_tree",
    title="循环里 fork 三次",
    board=Board(
        height=234,
        cells=(*(Cell(f"p{name}", x, y, WIDTH, HEIGHT, 12.5, comes=True) for name, (x, y) in PLACES.items()),
               Cell("count", 238, 12, 86, 22)),
        ways=tuple(down(name) for name in PLACES if name),
    ),
    buttons=(Button("all", "子进程接着循环", (1, 2)), Button("one", "子进程离开循环", (1, 2, 3, 4))),
    start=(),
    opening="循环开始之前，只有父进程。",
    press=press,
    look=look,
    story=("all", "all", "all"),
    legend=(("green", "这一次刚创建的"), ("plain", "以前就有的")),
    code=CODE,
)
