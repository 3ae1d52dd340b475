"""一个线程的一生：start(), join(), and for whom a process stays when its main thread has come to its end.

A Thread is started once, joined after it was started, as often as one likes; join() waits and brings nothing back. When
the main thread has run to its end, the interpreter waits for the threads that are no daemons and cuts off the others.
Sources: threading in the Python library reference, "Thread objects"; Lib/threading.py, which raises the errors.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

CODE = Code("""
def work():
    go.wait()

t = Thread(target=work, daemon=daemon)
t.start()
t.join()
""")


def press(state, button):
    """state: (daemon, life of the thread, what the main thread does)."""
    daemon, life, main = state
    if main == "gone":
        return Went((daemon, "new", "runs"), "再启动一次程序。") if button == "again" else "进程已经结束了。"
    if button == "again":
        return "进程还在。"
    if button == "return":
        return _returned(state)
    if main != "runs":
        return "主线程停在 join() 里，做不了别的。" if main == "joins" else "主线程的代码已经执行完了。"
    return {"daemon": _daemon, "start": _start, "join": _join, "end": _end}[button](daemon, life)


def _daemon(daemon, life):
    if life != "new":
        return "RuntimeError：启动以后就不能改 daemon 了。"
    said = "改回普通线程：进程结束前要等它。" if daemon else "改成守护线程：进程结束时不等它。"
    return Went((not daemon, life, "runs"), said)


def _start(daemon, life):
    if life != "new":
        return "RuntimeError：一个 Thread 只能启动一次。"
    return Went((daemon, "running", "runs"), "start() 返回时，新线程已经活着，主线程继续往下走。", ("start",))


def _join(daemon, life):
    if life == "new":
        return "RuntimeError：还没有启动，不能 join。"
    if life == "over":
        return "join() 立刻返回 None：它早就结束了。"
    return Went((daemon, life, "joins"), "join()：主线程停在这里，等它结束。")


def _end(daemon, life):
    if life != "running":
        return Went((daemon, life, "gone"), "主线程到头了，没有别的线程，进程结束。")
    if daemon:
        return Went((daemon, "cut", "gone"), "主线程到头了，只剩守护线程：它被掐断，finally 也不执行。")
    return Went((daemon, life, "ended"), "主线程到头了，可是还有普通线程，解释器替它 join：进程不结束。")


def _returned(state):
    daemon, life, main = state
    if life != "running":
        return {"new": "还没有启动，函数还没有执行。", "over": "函数已经返回过了。"}[life]
    if main == "joins":
        return Went((daemon, "over", "runs"), "函数返回，线程结束，join() 返回 None，主线程继续。", ("join",))
    if main == "ended":
        return Went((daemon, "over", "gone"), "函数返回，最后一个普通线程结束，进程这才结束。")
    return Went((daemon, "over", "runs"), "函数返回，线程就结束了。返回值没有人要，丢掉了。")


LIFE = {"new": ("还没有启动", "plain"), "running": ("在运行", "green"), "over": ("结束了", "red"),
        "cut": ("被掐断", "red")}
MAIN = {"runs": ("在运行", "green"), "joins": ("停在 join()", "amber"), "ended": ("代码执行完了", "amber"),
        "gone": ("结束了", "red")}


def look(state):
    daemon, life, main = state
    return {"main": MAIN[main], "thread": LIFE[life], "alive": f"{life == 'running'}",
            "daemon": f"{daemon}", "process": ("进程没有了", "red") if main == "gone" else ("进程活着", "green")}


SCENE = Machine(
    name="thread_life",
    title="一个线程的一生",
    board=Board(
        height=160,
        cells=(Cell("main", 8, 30, 118, 40, 12.5), Cell("thread", 204, 30, 118, 40, 12.5),
               Cell("process", 8, 110, 118, 34, 12), Cell("alive", 180, 110, 66, 34, 12),
               Cell("daemon", 256, 110, 66, 34, 12)),
        labels=(Label(67, 16, "主线程", bold=True), Label(263, 16, "线程 t", bold=True),
                Label(213, 98, "t.is_alive()"), Label(289, 98, "t.daemon")),
        ways=(Way("start", ((130, 40), (200, 40))), Way("join", ((200, 60), (130, 60)))),
    ),
    buttons=(Button("daemon", "改 daemon", (4,)), Button("start", "start()", (5,)), Button("join", "join()", (6,)),
             Button("return", "函数返回", (2,)), Button("end", "主线程到头"), Button("again", "再来一次", (4,))),
    start=(False, "new", "runs"),
    opening="线程对象建好了，还没有启动：内核里还没有这个线程。",
    press=press,
    look=look,
    story=("start", "join", "return", "end", "again", "daemon", "start", "end"),
    legend=(("green", "活着，在运行"), ("amber", "在等"), ("red", "结束了")),
    code=CODE,
)
