"""进程池里的任务：who does what, and what close(), join() and the end of `with` do to tasks that are not done.

Two workers take tasks in the order in which they were given. Sources: the documentation of multiprocessing, "close:
Prevents any more tasks from being submitted", "terminate: Stops the worker processes immediately without completing
outstanding work", "join: … One must call close() or terminate() before using join()", and of its context manager,
"__exit__() calls terminate()". Left out: that map() gives a worker several tasks at a time.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

TASKS, WORKERS = 4, ("甲", "乙")
CODE = Code("""
with Pool(2) as pool:
    pool.apply_async(work)
    pool.close()
    pool.join()
# 离开 with：terminate()
""")


def waiting(state):
    given, busy, done, _ = state
    return [task for task in range(1, given + 1) if task not in busy and task not in done]


def taken(given, busy, done):
    """The workers after those that are free have taken the next tasks."""
    busy = list(busy)
    for worker, task in enumerate(busy):
        rest = waiting((given, busy, done, ""))
        if not task and rest:
            busy[worker] = rest[0]
    return tuple(busy)


def press(state, button):
    """state: (tasks given, what each worker does or 0, what is done, "open", "closed", "joined" or "ended")."""
    given, busy, done, phase = state
    if phase in ("joined", "ended"):
        return "工作进程都结束了。从头再来一遍。"
    if button == "give":
        if phase == "closed":
            return "ValueError：Pool not running。close 以后不再接受任务。"
        if given == TASKS:
            return "四个任务都交了。"
        now = taken(given + 1, busy, done)
        what = f"{WORKERS[now.index(given + 1)]}闲着，马上去做。" if given + 1 in now else "两个都忙，先排队。"
        return Went((given + 1, now, done, phase), f"交了任务 {given + 1}，apply_async 马上返回。{what}", ("give",))
    if button in ("0", "1"):
        worker = int(button)
        if not busy[worker]:
            return f"{WORKERS[worker]}闲着，没有什么可做完的。"
        done = (*done, busy[worker])
        now = taken(given, [0 if one == worker else task for one, task in enumerate(busy)], done)
        then = f"接着做任务 {now[worker]}，还是同一个进程。" if now[worker] else "没有任务了，等着。"
        return Went((given, now, tuple(sorted(done)), phase), f"{WORKERS[worker]}做完任务 {busy[worker]}，{then}")
    if button == "close":
        return Went((given, busy, done, "closed"), "close：不再接受新任务，已有的继续做。") if phase == "open" else \
            "已经 close 过了。"
    return _ended(state, button)


def _ended(state, button):
    given, _, done, phase = state
    if button == "join":
        if phase == "open":
            return "ValueError：Pool is still running。先 close，再 join。"
        left = given - len(done)
        said = f"join：等剩下的 {left} 个做完，" if left else "join：都做完了，"
        return Went((given, (0, 0), tuple(range(1, given + 1)), "joined"), said + "工作进程结束并回收。")
    lost = given - len(done)
    said = f"没有做完的 {lost} 个任务丢了，谁也不报错。" if lost else "任务都做完了，没有什么可丢的。"
    return Went((given, (0, 0), done, "ended"), f"离开 with：terminate()。{said}")


def look(state):
    given, busy, done, phase = state
    over = phase in ("joined", "ended")
    queue = () if over else waiting(state)
    cells = {f"queue{place}": (f"任务 {task}", "amber") for place, task in enumerate(queue)}
    if not over:
        cells |= {f"worker{one}": (f"任务 {task}", "green") if task else "闲着" for one, task in enumerate(busy)}
    return cells | {"done": f"做完 {len(done)} 个", "given": f"交了 {given} 个"}


SCENE = Machine(
    name="pool_work",
    title="进程池：谁在做，谁在等，离开 with 时怎样",
    board=Board(
        height=176,
        cells=(*(Cell(f"queue{place}", 8 + 80 * place, 26, 72, 30, 12) for place in range(TASKS)),
               *(Cell(f"worker{one}", 30 + 150 * one, 96, 110, 36, 12.5) for one in range(len(WORKERS))),
               Cell("given", 8, 146, 90, 20), Cell("done", 230, 146, 90, 20)),
        labels=(Label(8, 14, "排队的任务", anchor="start", bold=True), Label(85, 88, "甲", bold=True),
                Label(235, 88, "乙", bold=True)),
        ways=(Way("give", ((160, 60), (160, 80))),),
    ),
    buttons=(Button("give", "交任务", (2,)), Button("0", "甲做完"), Button("1", "乙做完"),
             Button("close", "close", (3,)), Button("join", "join", (4,)), Button("leave", "离开 with", (5,))),
    start=(0, (0, 0), (), "open"),
    opening="池已经创建，两个工作进程等着任务。",
    press=press,
    look=look,
    story=("give", "give", "give", "0", "1", "leave"),
    legend=(("amber", "在排队"), ("green", "在做"), ("plain", "闲着")),
    code=CODE,
)
