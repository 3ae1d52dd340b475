"""Future 的一生：pending, running, finished or cancelled, and who waits for whom meanwhile.

One worker takes what was submitted, in that order. Sources: the documentation of concurrent.futures, "Future.cancel():
… If the call is currently being executed or finished running and cannot be cancelled then the method will return
False", "result(): … If the call raised an exception, this method will raise the same exception", "CancelledError will
be raised", and of Executor, "with … which will shutdown the Executor (waiting as if Executor.shutdown() were called
with wait set to True)". Left out: result(timeout) and shutdown(cancel_futures=True), of which the page has runs.
"""

from collections import namedtuple

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

NAMES = "a", "b"
PENDING, RUNNING, DONE, RAISED, ASKED, CANCELLED = "PENDING", "RUNNING", "done", "raised", "asked", "CANCELLED"
CODE = Code("""
with ThreadPoolExecutor(1) as p:
    a = p.submit(work)
    b = p.submit(work)
    a.cancel()
    a.result()
# 离开 with：shutdown(wait=True)
""")

# futures: what each that was submitted is in. waits: the future in whose result() the main thread is, or "".
State = namedtuple("State", "futures waits left")


def press(state, button):
    if state.left:
        return "程序走完了。从头再来一遍。"
    if button in ("return", "raise"):
        return _end(state, button)
    if state.waits:
        return f"主线程停在 {state.waits}.result() 里，什么也做不了，等甲。"
    if button == "submit":
        return _submit(state)
    return _leave(state) if button == "leave" else _ask(state, *button.split("."))


def _submit(state):
    number = len(state.futures)
    if number == len(NAMES):
        return "两个任务都交了。"
    idle = RUNNING not in state.futures
    then = "甲闲着，马上去做。" if idle else "甲在忙，它排队。"
    return Went(state._replace(futures=(*state.futures, RUNNING if idle else PENDING)),
                f"submit 马上返回 Future {NAMES[number]}，主线程接着走。{then}", (f"give {NAMES[number]}",))


def _end(state, button):
    if RUNNING not in state.futures:
        return "甲闲着，没有什么可做完的。"
    futures = list(state.futures)
    at = futures.index(RUNNING)
    name, asked = NAMES[at], state.waits == NAMES[at]
    futures[at] = DONE if button == "return" else ASKED if asked else RAISED
    said = f"甲做完 {name}，返回值" if button == "return" else f"{name} 抛出异常，甲没事，异常"
    said += "放进 Future。"
    if PENDING in futures:
        taken = futures.index(PENDING)
        futures[taken] = RUNNING
        said += f"甲接着做 {NAMES[taken]}。"
    if asked:
        said += f"主线程醒来：result() {'返回这个值' if button == 'return' else '抛出这个异常'}。"
    return Went(State(tuple(futures), "" if asked else state.waits, False), said, (f"back {name}",) if asked else ())


def _ask(state, name, call):
    at = NAMES.index(name)
    if at >= len(state.futures):
        return f"还没有 {name}。先 submit。"
    now = state.futures[at]
    if call == "cancel":
        if now == PENDING:
            futures = tuple(CANCELLED if one == name else what for one, what in zip(NAMES, state.futures, strict=False))
            return Went(state._replace(futures=futures), f"{name}.cancel() 返回 True：还没有开始，不做了。")
        return f"{name}.cancel() 返回 True：早就取消了。" if now == CANCELLED else \
            f"{name}.cancel() 返回 False：{'已经在做，停不下来' if now == RUNNING else '已经做完了'}。"
    if now in (PENDING, RUNNING):
        why = "还在排队" if now == PENDING else "还在做"
        return Went(state._replace(waits=name), f"{name}.result()：{name} {why}，主线程停下来等。")
    if now == RAISED:
        futures = tuple(ASKED if one == name else what for one, what in zip(NAMES, state.futures, strict=False))
        said = f"{name}.result() 抛出任务里的异常：现在才有人知道。"
        return Went(state._replace(futures=futures), said, (f"back {name}",))
    return {DONE: f"{name}.result() 马上返回它的值，问几次都行。", ASKED: f"{name}.result() 再抛出一次同样的异常。",
            CANCELLED: f"{name}.result() 抛出 CancelledError。"}[now]


def _leave(state):
    left = sum(what in (PENDING, RUNNING) for what in state.futures)
    said = f"离开 with：shutdown(wait=True)，{f'等剩下的 {left} 个做完' if left else '都做完了'}，工作线程结束。"
    if lost := [name for name, what in zip(NAMES, state.futures, strict=False) if what == RAISED]:
        said += f"{'、'.join(lost)} 的异常谁也没有问，丢了。"
    futures = tuple(DONE if what in (PENDING, RUNNING) else what for what in state.futures)
    return Went(State(futures, "", True), said)


SHOWN = {PENDING: ("PENDING 排队", "amber"), RUNNING: ("RUNNING 在做", "green"), DONE: ("FINISHED 有值", "plain"),
         RAISED: ("FINISHED 有异常", "red"), ASKED: ("FINISHED 有异常", "plain"), CANCELLED: ("CANCELLED", "violet")}


def look(state):
    doing = [name for name, what in zip(NAMES, state.futures, strict=False) if what == RUNNING]
    cells = {name: SHOWN[what] for name, what in zip(NAMES, state.futures, strict=False)}
    here = (f"停在 {state.waits}.result()", "amber") if state.waits else ("在走", "green")
    cells["main"] = "走完了" if state.left else here
    cells["worker"] = "结束了" if state.left else (f"在做 {doing[0]}", "green") if doing else "闲着"
    return cells


SCENE = Machine(
    name="future_states",
    title="Future 的一生：排队、在做、做完、取消，谁在等谁",
    board=Board(
        height=150,
        cells=(Cell("main", 8, 56, 96, 40, 11), Cell("a", 122, 26, 102, 40), Cell("b", 122, 90, 102, 40),
               Cell("worker", 244, 56, 78, 40, 11.5)),
        labels=(Label(56, 46, "主线程", bold=True), Label(173, 18, "Future a", bold=True),
                Label(173, 144, "Future b", bold=True), Label(283, 46, "工作线程甲", bold=True)),
        ways=(Way("give a", ((104, 68), (122, 54))), Way("give b", ((104, 88), (122, 106))),
              Way("back a", ((122, 38), (86, 56))), Way("back b", ((122, 120), (86, 96)))),
    ),
    buttons=(Button("submit", "submit", (2, 3)), Button("return", "甲返回"), Button("raise", "甲抛出异常"),
             Button("a.result", "a.result()", (5,)), Button("b.result", "b.result()", (5,)),
             Button("a.cancel", "a.cancel()", (4,)), Button("b.cancel", "b.cancel()", (4,)),
             Button("leave", "离开 with", (6,))),
    start=State((), "", False),
    opening="一个工作线程，还没有任务。",
    press=press,
    look=look,
    story=("submit", "submit", "a.result", "raise", "return", "leave"),
    legend=(("amber", "在等"), ("green", "在做"), ("red", "有异常，还没有人知道"), ("violet", "取消了")),
    code=CODE,
)
