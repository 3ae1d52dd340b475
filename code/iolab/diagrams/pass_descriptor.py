"""交出一个描述符：two descriptor tables, and the one open connection that they point at.

A descriptor is a number in the table of one process; what it stands for lies in the kernel and counts who points at
it. SCM_RIGHTS puts a pointer into a message: while it travels it counts too, and the receiver gets the lowest number
that is free in its own table. The connection ends when nobody points at it any more. Sources: unix(7), "SCM_RIGHTS";
open(2), "lowest-numbered file descriptor not currently open"; close(2), "If fd is the last file descriptor referring
to the underlying open file description ... the resources ... are freed".
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

FRONT, WORKER = 5, 4                    # the numbers that the two processes have for the connection
CODE = Code("""
conn, _ = listener.accept()
send_fds(channel, [b"!"], [conn.fileno()])
conn.close()
# 工作进程
_, fds, *_ = recv_fds(channel, 1, 1)
conn = socket(fileno=fds[0])
conn.close()
""")
START = (None, False, None)


def press(state, button):
    """state: (front, message on its way, worker): for a process None before, True while it has it, False after."""
    return {"accept": _accept, "send": _send, "close": _close, "receive": _receive, "end": _end}[button](*state)


def _accept(front, sent, worker):
    if front is not None:
        return "这幅图里只有一个客户端，已经接受过了。"
    return Went((True, sent, worker), f"accept() 返回。前台进程的表里，{FRONT} 号指着这个连接。", ("front",))


def _send(front, sent, worker):
    if not front:
        return "前台进程手里没有这个连接，没有什么可送。"
    if sent or worker is not None:
        return "已经送过一次了。"
    return Went((front, True, worker), f"send_fds() 送出的不是号码 {FRONT}，是它指着的连接。在路上的消息也算一个。",
                ("out",))


def _close(front, sent, worker):
    if not front:
        return "前台进程手里没有这个连接。"
    left = sent + bool(worker)
    said = f"还有 {left} 个指着它，连接好好的。" if left else "没有人指着它了，内核发出 FIN。"
    return Went((False, sent, worker), f"前台进程 close()，{FRONT} 号空出来。{said}")


def _receive(front, sent, worker):
    if not sent:
        return "通道里没有消息：recv_fds() 会停着等。"
    return Went((front, False, True), f"recv_fds() 得到新的号码 {WORKER}：自己的表里最小的空号。同一个连接。",
                ("in", "worker"))


def _end(front, sent, worker):
    if not worker:
        return "工作进程手里没有这个连接。"
    said = "前台进程还有一份：客户端等不到 b''！" if front else "没有人指着它了，内核发出 FIN，客户端读到 b''。"
    return Went((front, sent, False), f"工作进程 close()。{said}")


def pointers(state):
    """How many point at the connection, the message on its way included (int)."""
    front, sent, worker = state
    return bool(front) + sent + bool(worker)


def look(state):
    front, sent, worker = state
    count = pointers(state)
    cells = {f"front{number}": words for number, words in ((3, "监听"), (4, "通道"))} | {"worker3": "通道"}
    if front:
        cells[f"front{FRONT}"] = "连接", "green"
    if sent:
        cells["message"] = "连接", "amber"
    if worker:
        cells[f"worker{WORKER}"] = "连接", "green"
    if front is not None:
        cells["file"] = (f"{count} 个指着它", "green") if count else ("关了，发出 FIN", "red")
    return cells


TOPS = {3: 28, 4: 58, 5: 88}

SCENE = Machine(
    name="pass_descriptor",
    title="两张描述符表，一个连接",
    board=Board(
        height=206,
        cells=(*(Cell(f"{name}{number}", left, top, 66, 26, 11.5) for name, left in (("front", 34), ("worker", 246))
                 for number, top in TOPS.items()),
               Cell("message", 140, 58, 74, 26, 11.5, comes=True), Cell("file", 106, 150, 142, 34, 12.5)),
        labels=(Label(67, 14, "前台进程", bold=True), Label(279, 14, "工作进程", bold=True),
                Label(177, 46, "通道", 10.5), Label(177, 196, "内核里的连接", 10.5),
                *(Label(left, top + 14, f"{number}", 10.5, anchor) for left, anchor in ((28, "end"), (318, "start"))
                  for number, top in TOPS.items())),
        ways=(Way("front", ((67, 116), (120, 148))), Way("out", ((102, 72), (138, 72))),
              Way("in", ((216, 72), (244, 72))), Way("worker", ((279, 116), (232, 148)))),
    ),
    buttons=(Button("accept", "前台 accept", (1,)), Button("send", "send_fds", (2,)),
             Button("close", "前台 close", (3,)), Button("receive", "recv_fds", (5, 6)),
             Button("end", "工作进程 close", (7,))),
    start=START,
    opening="两个进程各有一张描述符表，中间有一条通道（套接字对）。客户端已经在排队。",
    press=press,
    look=look,
    story=("accept", "send", "close", "receive", "end"),
    legend=(("green", "指着连接"), ("amber", "在路上"), ("red", "没有人指着了")),
    code=CODE,
)
