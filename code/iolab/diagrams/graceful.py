"""体面收场：accepting, draining, closed; what SIGTERM, a deadline and SIGKILL mean for the clients of a server.

On SIGTERM the server closes its listening socket, says on each connection that it takes no further request, does what
is in hand, and ends when nothing is left or the time is up. SIGKILL cannot be caught: the kernel closes everything at
once. Sources: signal(7); shutdown(2), SHUT_RD; code/day9/graceful_thread.py; docker stop (SIGTERM, ten seconds,
SIGKILL). Left out: a connection that waits in the queue, and a load balancer that sends nobody any more.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Went

CODE = Code("""
for conn in connections(listener, stop):
    start(conn, work, threads)
listener.close()
for conn in list(threads):
    no_more(conn)
for thread in list(threads.values()):
    thread.join(max(0, until - time.monotonic()))
""")
ACCEPTING, DRAINING, CLOSED, KILLED = "接受", "排空", "结束", "被杀"
IDLE, BUSY, ANSWERED, TOLD, CUT, REFUSED = "空闲", "在做", "得到答案", "收到 b''", "没有答案", "连不上"
COLOURS = {IDLE: "plain", BUSY: "green", ANSWERED: "blue", TOLD: "violet", CUT: "red", REFUSED: "red"}
PLACES = 3


def press(state, button):
    """state: (phase, what has become of each client that came)"""
    phase, clients = state
    if button == "connect":
        return _connect(phase, clients)
    if phase in (CLOSED, KILLED):
        return "服务器已经不在了。"
    if button == "ask":
        if IDLE not in clients:
            return "没有空闲的客户端，先来一个。"
        return Went((phase, _turn(clients, IDLE, BUSY)), "一个空闲的客户端发来请求，服务器开始做。")
    if button == "done":
        if BUSY not in clients:
            return "没有在做的请求。"
        if phase == ACCEPTING:
            return Went((phase, _turn(clients, BUSY, IDLE)), "做完一个，答案发出去，等它的下一个请求。")
        clients = _turn(clients, BUSY, ANSWERED)
        last = BUSY not in clients
        said = "手里没有了，服务器结束，退出码 0。" if last else "手里还有，接着等。"
        return Went((CLOSED if last else phase, clients), f"做完一个，答案发出去，关闭这个连接。{said}")
    if button == "term":
        if phase == DRAINING:
            return Went(state, "又来一个 SIGTERM：处理函数只记一笔，收场照旧。")
        told = tuple(TOLD if one == IDLE else one for one in clients)
        if BUSY not in told:
            return Went((CLOSED, told), "SIGTERM：不再接受，空闲的连接关闭，手里没有请求，马上结束。")
        return Went((DRAINING, told), "SIGTERM：关闭监听套接字，空闲的连接关闭，在做的接着做。")
    if button == "limit":
        if phase == ACCEPTING:
            return "还没有开始收场，没有期限。"
        return Went((CLOSED, _cut(clients)), "期限到了：不再等，断开，退出。没有做完的，客户端得到的是 b''，没有答案。")
    return Went((KILLED, _cut(clients)), "SIGKILL：程序一行也来不及执行，内核关闭一切。")


def _connect(phase, clients):
    if len(clients) == PLACES:
        return f"这幅图只画 {PLACES} 个客户端。"
    if phase == ACCEPTING:
        return Went((phase, (*clients, IDLE)), "来了一个客户端，还没有请求。")
    said = "监听套接字已经关闭，它去找别的服务器。" if phase == DRAINING else "没有人监听。"
    return Went((phase, (*clients, REFUSED)), f"新的客户端连不上：ConnectionRefusedError。{said}")


def _turn(clients, old, new):
    """The first client that is `old` is `new`."""
    at = clients.index(old)
    return (*clients[:at], new, *clients[at + 1:])


def _cut(clients):
    return tuple({IDLE: TOLD, BUSY: CUT}.get(one, one) for one in clients)


def look(state):
    phase, clients = state
    tones = {ACCEPTING: "green", DRAINING: "amber", CLOSED: "plain", KILLED: "red"}
    cells = {f"phase{number}": (name, tones[name]) if name == phase else name
             for number, name in enumerate((ACCEPTING, DRAINING, CLOSED))}
    if phase == KILLED:
        cells["phase2"] = KILLED, "red"
    cells |= {f"client{number}": (one, COLOURS[one]) for number, one in enumerate(clients)}
    return cells


SCENE = Machine(
    name="graceful",
    title="体面收场：不再接受，做完手里的，到期就走",
    board=Board(
        height=132,
        cells=(*(Cell(f"phase{number}", 8 + 108 * number, 26, 96, 30, 12) for number in range(3)),
               *(Cell(f"client{number}", 8 + 108 * number, 90, 96, 32, 12, comes=True) for number in range(PLACES))),
        labels=(Label(8, 15, "服务器", anchor="start", bold=True), Label(8, 79, "客户端", anchor="start", bold=True)),
    ),
    buttons=(Button("connect", "来一个客户端", (1, 2)), Button("ask", "发请求"), Button("done", "做完一个", (6, 7)),
             Button("term", "SIGTERM", (3, 4, 5)), Button("limit", "期限到", (7,)), Button("kill", "SIGKILL")),
    start=(ACCEPTING, ()),
    opening="服务器在接受客户端。让它收场：谁得到答案，谁收到 b''，谁连不上？",
    press=press,
    look=look,
    story=("connect", "connect", "ask", "term", "connect", "term", "done"),
    legend=(("green", "在做"), ("amber", "在等"), ("blue", "得到答案"), ("violet", "好好地关闭"),
            ("red", "没有答案、连不上")),
    code=CODE,
)
