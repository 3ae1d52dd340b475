"""await 和任务：which line runs when, and what each coroutine waits for.

A coroutine that is awaited runs as a part of who awaits it, so that two of them run one after the other. A task is
run by the loop: whoever comes to an await that has to wait gives the only thread away, and the loop runs the next that
is ready. Sources: asyncio in the Python library reference, "Coroutines and Tasks"; asyncio.TaskGroup, "all tasks are
awaited when the context manager exits". A loop of a few lines makes the film, a line of the code a step.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

TURNS, TASKS = "一个接一个 await", "两个任务"
TEA = 2                                 # seconds
CODE = Code("""
async def cook(name, seconds):
    print(name, "下锅")
    await asyncio.sleep(seconds)
    print(name, "好了")

async def one_by_one():
    await cook("茶", 2)
    await cook("面", seconds)

async def together():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(cook("茶", 2))
        tg.create_task(cook("面", seconds))
""")
NAMES = "main", "茶", "面"
STATES = {"run": ("在运行", "green"), "await": ("停在 await", "amber"), "ready": ("就绪", "plain"),
          "end": ("结束了", "plain")}


def run(how, noodles):
    """[(second, task, line, dish or "", {task: state})]: the lines in the order in which a loop of tasks runs them."""
    told, states = [], {}
    ready, asleep, waits, now = [("main", _one_by_one(noodles) if how == TURNS else _together(noodles))], [], [], 0
    while ready or asleep or waits:
        if not ready and not asleep:
            ready, waits = waits, []
        if not ready:
            now = min(asleep)[0]
            ready = [one[2:] for one in sorted(asleep) if one[0] == now]
            asleep = [one for one in asleep if one[0] > now]
            states |= dict.fromkeys([name for name, _ in ready], "ready")
        name, coroutine = ready.pop(0)
        states[name] = "end"
        for line, dish, wants in coroutine:
            stops = wants == "all" or isinstance(wants, int)
            if isinstance(wants, tuple):
                ready.append(wants)
                states[wants[0]] = "ready"
            told.append((now, name, line, dish, states | {name: "await" if stops else "run"}))
            if stops:
                states[name] = "await"
                waits += [(name, coroutine)] if wants == "all" else []
                asleep += [(now + wants, len(told), name, coroutine)] if wants != "all" else []
                break
    return told


def _cook(dish, seconds):
    yield 2, dish, None
    yield 3, dish, seconds
    yield 4, dish, None


def _one_by_one(noodles):
    for line, dish, seconds in ((7, "茶", TEA), (8, "面", noodles)):
        yield line, dish, None
        yield from _cook(dish, seconds)


def _together(noodles):
    yield 11, "", None
    yield 12, "茶", ("茶", _cook("茶", TEA))
    yield 13, "面", ("面", _cook("面", noodles))
    yield 11, "", "all"


def film(how, noodles):
    """The views, a line a step."""
    told = run(how, noodles)
    views = [View(f"茶要 {TEA} 秒，面要 {noodles} 秒，{how}。只有一个线程，绿的是正在运行的那一个。",
                  {"clock": "第 0 秒", "main": STATES["ready"]})]
    for step, (second, task, line, dish, states) in enumerate(told):
        cells = {name: STATES[state] for name, state in states.items()}
        cells |= {"clock": f"第 {second} 秒", "dish": (f"在 {dish} 的 cook 里", "green")} if how == TURNS and line < 5 \
            else {"clock": f"第 {second} 秒"}
        views.append(View(f"第 {second} 秒，{task}：{_told(line, dish, states, told[:step])}", cells, (), (line,)))
    end = told[-1][0]
    sum_ = f"{TEA} + {noodles} = {end} 秒" if how == TURNS else f"{end} 秒，较长的那一个的时间"
    last = dict.fromkeys(states, STATES["end"])
    return (*views, View(f"都好了，一共 {sum_}。", {"clock": f"第 {end} 秒", **last}))


def _told(line, dish, states, before):
    others = [name for name, state in states.items() if state == "ready"]
    match line:
        case 2:
            return f"{dish}下锅。"
        case 3:
            gives = f"循环让 {others[0]} 运行" if others else "没有就绪的，循环也睡"
            return f"{dish}要等，停在 await，把线程交出去；{gives}。"
        case 4:
            return f"等够了，从停下的地方接着走，{dish}好了。"
        case 7 | 8:
            return f"await {dish}：它在 main 里面运行，不是另一个任务。" + ("茶好了，才轮到它。" if line == 8 else "")
        case 12 | 13:
            return f"登记一个任务：{dish}就绪了，可是 main 还没有让出来。"
        case _:
            return "离开 async with 之前要等两个任务，main 停在这里。" if before else "进入任务组。"


SCENE = Sweep(
    name="await_turns",
    title="await 和任务：谁在走，谁停着",
    board=Board(
        height=146,
        cells=(Cell("clock", 8, 10, 78, 30, 12.5), *(Cell(name, 8 + 108 * place, 70, 98, 36, 12.5)
                                                     for place, name in enumerate(NAMES)),
               Cell("dish", 8, 112, 98, 24, 11, comes=True)),
        labels=(Label(57, 58, "main", bold=True), Label(165, 58, "任务 茶", bold=True),
                Label(273, 58, "任务 面", bold=True)),
    ),
    sliders=(Slider("办法", (TURNS, TASKS)), Slider("面要", (1, 3), " 秒", at=1)),
    film=film,
    legend=(("green", "在运行：只有一个"), ("amber", "停在 await"), ("plain", "就绪，或者结束了")),
    code=CODE,
)
