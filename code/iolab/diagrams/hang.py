"""四个不动的程序：what each way of looking says of four programs that answer nobody, and what follows from it.

The reader chooses where to look, in any order; the verdict comes when what was seen allows no other. The programs are
code/day10/hung_1.py to hung_4.py. Sources: proc(5), /proc/pid/stat and /proc/pid/syscall; faulthandler.register and
asyncio.Task.print_stack in the Python library reference. Left out: the names under which kernels list their waits.
"""

from dataclasses import dataclass

from iolab.model import Board, Button, Cell, Label, Machine, Went


@dataclass(frozen=True)
class Hung:
    """What is seen of one program. calls: the system calls that its threads wait in; None: the thread computes."""

    busy: bool
    calls: tuple
    stack: str                            # the innermost function of its own
    tasks: str                            # where its task waits, "" without a loop
    enough: frozenset
    verdict: str
    why: str


PROGRAMS = (
    Hung(False, ("accept", "futex", "futex"), "transfer", "", frozenset({"cpu", "stack"}), "死锁：互相等对方的锁",
         "不用 CPU，两个线程停在同一行 with LOCKS[taker]"),
    Hung(False, ("accept", "recvfrom"), "price", "", frozenset({"cpu", "stack"}), "没有超时：对方不回答",
         "不用 CPU，停在 recv，等的是另一台服务器"),
    Hung(True, ("accept", None), "spaces", "", frozenset({"cpu", "stack"}), "死循环：条件永远成立",
         "占着 CPU，总是在同一个函数里"),
    Hung(False, ("epoll_wait",), "select", "order", frozenset({"tasks"}), "忘了 await：没有人来叫醒",
         "事件循环好好的，是任务在等一个不会来的 Event"),
)
LOOKS = {"cpu": "CPU 时间", "wait": "线程在等什么", "stack": "栈", "tasks": "任务"}


def seen(number, what):
    """(text, colour) of one look at program `number`."""
    one = PROGRAMS[number]
    match what:
        case "cpu":
            return ("一直在涨：在算", "red") if one.busy else ("不涨：在等", "blue")
        case "wait":
            names = "，".join(call or "在运行" for call in one.calls)
            return (names, "red" if None in one.calls else "blue")
        case "stack":
            return (f"{one.stack}（循环自己在等）", "plain") if one.tasks else (f"停在 {one.stack}", "green")
        case _:
            return (f"停在 {one.tasks} 的 wait", "green") if one.tasks else ("不是 asyncio 程序", "plain")


def press(state, button):
    """state: (number of the program, the looks that were taken)."""
    number, looks = state
    if button == "next":
        after = (number + 1) % len(PROGRAMS)
        return Went((after, frozenset()), f"换成程序 {after + 1}：也不回答。从哪里看起？")
    if button in looks:
        return f"已经看过了：{seen(number, button)[0]}。"
    after = looks | {button}
    one = PROGRAMS[number]
    said = f"看{LOOKS[button]}：{seen(number, button)[0]}。"
    if one.enough <= after and not one.enough <= looks:
        said += f"{one.why}。"
    return Went((number, after), said)


def look(state):
    number, looks = state
    cells = {"who": f"程序 {number + 1}", **{what: seen(number, what) for what in looks}}
    if PROGRAMS[number].enough <= looks:
        cells["so"] = (PROGRAMS[number].verdict, "amber")
    return cells


SCENE = Machine(
    name="hang",
    title="四个不动的程序",
    board=Board(
        height=206,
        cells=(Cell("who", 8, 8, 96, 30, 12.5),
               *(Cell(what, 112, 46 + 32 * place, 208, 26, 11.5) for place, what in enumerate(LOOKS)),
               Cell("so", 8, 174, 312, 28, 12.5, comes=True)),
        labels=tuple(Label(104, 60 + 32 * place, what, anchor="end") for place, what in enumerate(LOOKS.values())),
    ),
    buttons=(Button("cpu", "CPU 时间"), Button("wait", "等什么"), Button("stack", "打印栈"),
             Button("tasks", "列出任务"), Button("next", "换一个")),
    start=(0, frozenset()),
    opening="程序 1 不回答了。只看，不改：从哪里看起？",
    press=press,
    look=look,
    story=("cpu", "wait", "stack", "next", "cpu", "stack", "next", "cpu", "stack", "next", "cpu", "stack", "tasks"),
    legend=(("blue", "在等"), ("red", "在算"), ("green", "停在自己的代码里"), ("amber", "能下的结论")),
)
