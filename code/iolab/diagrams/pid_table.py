"""PID 会再用：which number a new process gets, where there are four of them.

The kernel goes on searching behind the number that it gave last, and begins again at RESERVED_PIDS, 300, when it comes
to pid_max; without a free number fork() fails with EAGAIN. Sources: proc_sys_kernel(5), "pid_max"; fork(2); alloc_pid()
of the kernel. A pid namespace whose pid_max is 304 behaves like this (Linux 6.14 and later).
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Went

FIRST, COUNT = 300, 4
NUMBERS = range(FIRST, FIRST + COUNT)
CODE = Code("""
pid = os.fork()         # 接着上一个往后找
os.kill(pid, SIGKILL)
os.waitpid(pid, 0)      # 回收以后，号码才空出来
""")


def next_free(last, alive):
    """The number that the next process gets; None when there is none."""
    order = [FIRST + (last + 1 + step - FIRST) % COUNT for step in range(COUNT)]
    return next((number for number in order if number not in alive), None)


def press(state, button):
    """state: (the number given last, those that are in use)."""
    last, alive = state
    if button == "fork":
        number = next_free(last, alive)
        if number is None:
            return "四个号码都有人用：fork 失败，BlockingIOError（EAGAIN）。先结束并回收一个。"
        round_again = "到头了，从 300 再找起。" if number <= last else ""
        said = f"从 {last} 的下一个找起。{round_again}{number} 空着，新进程就是 {number} 号。"
        return Went((number, tuple(sorted({*alive, number}))), said)
    number = int(button)
    if number not in alive:
        return f"现在没有 {number} 号进程。"
    rest = tuple(one for one in alive if one != number)
    return Went((last, rest), f"{number} 号结束并回收，号码空出来了，可是不会马上再用：先往后找。")


def look(state):
    last, alive = state
    cells = {f"p{number}": (str(number), "green" if number == last else "plain") for number in alive}
    return cells | {"last": f"上一个给的是 {last}" if last >= FIRST else "还没有给过"}


SCENE = Machine(
    name="pid_table",
    title="PID 会再用：只有四个号码的时候",
    board=Board(
        height=112,
        cells=(*(Cell(f"p{number}", 8 + 80 * place, 26, 72, 34, 13) for place, number in enumerate(NUMBERS)),
               Cell("last", 168, 80, 152, 22)),
        labels=(Label(8, 14, "300 到 303，谁在用", anchor="start", bold=True),),
    ),
    buttons=(Button("fork", "创建进程", (1,)), *(Button(str(number), f"结束 {number}", (2, 3)) for number in NUMBERS)),
    start=(FIRST - 1, ()),
    opening="一个进程也没有，四个号码都空着。",
    press=press,
    look=look,
    story=("fork", "fork", "300", "fork", "fork", "fork"),
    legend=(("green", "最近给出的"), ("plain", "还在用的")),
    code=CODE,
)
