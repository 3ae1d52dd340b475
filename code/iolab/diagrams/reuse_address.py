"""重启服务器：why a port may be taken though nobody listens on it, and for whom SO_REUSEADDR makes way.

Who closes a connection first keeps its end in TIME_WAIT for a minute. While the server's kernel has such an end on the
port, bind() is refused unless both sockets asked for it before their bind(): the one that the connection came from and
the new one. Sources: socket(7), SO_REUSEADDR; tcp(7); RFC 9293 section 3.6.1, "TIME-WAIT"; sk_reuse in
inet_bind_conflict() of net/ipv4/inet_connection_sock.c. Left out: SO_REUSEPORT.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

CODE = Code("""
listener = socket.socket()
listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
listener.bind(address)
listener.listen()
conn, _ = listener.accept()
conn.close()
listener.close()
""")
TAKEN = "bind() 失败：OSError，地址已经被占用（EADDRINUSE）。"


def press(state, button):
    """state: (what the listener asked for, True or False, or None without one; None, "up" or "wait" for the connection;
    what the listener of that connection had asked for)."""
    listens, conn, asked = state
    if button in ("plain", "reuse"):
        return _start(listens, conn, asked, button == "reuse")
    if button == "connect":
        if listens is None:
            return "没有人监听：ConnectionRefusedError。"
        if conn:
            return "这幅图只画一个连接。" if conn == "up" else "旧的连接还在 TIME_WAIT，这幅图等它过去再连。"
        return Went((listens, "up", listens), "客户端连上了。服务器这一端的连接套接字，用的也是这个端口。", ("ask",))
    if button == "stop":
        if listens is None:
            return "服务器没有在运行。"
        if conn != "up":
            return Went((None, conn, asked), "服务器停了。监听的套接字关掉就没有了，不留 TIME_WAIT。")
        said = "服务器先关连接，然后停了。先关的一端要在 TIME_WAIT 里待 60 秒，端口还占着。"
        return Went((None, "wait", asked), said)
    if button == "client":
        if conn != "up":
            return "没有连着的客户端。"
        return Went((listens, None, False), "客户端先关：TIME_WAIT 留在客户端那一边，服务器的端口干干净净。", ("ask",))
    if conn != "wait":
        return "没有谁在 TIME_WAIT。"
    return Went((listens, None, False), "60 秒过去，TIME_WAIT 结束，那一端没有了。")


def _start(listens, conn, asked, wants):
    if listens is not None:
        return f"{TAKEN}已经有人在监听。"
    if conn == "wait" and not wants:
        return f"{TAKEN}端口上还有 TIME_WAIT 的连接，新的没有设 SO_REUSEADDR。"
    if conn == "wait" and not asked:
        return f"{TAKEN}新的设了，可是旧的服务器当初没有设，也不行。"
    said = "两边都设了 SO_REUSEADDR，TIME_WAIT 的连接不碍事。" if conn else "端口上什么也没有，设不设都行。"
    return Went((wants, conn, asked), f"bind() 成功，开始监听。{said}")


def look(state):
    listens, conn, asked = state
    cells = {"listener": {None: ("没有人监听", "plain"), True: ("监听，设了", "green"),
                          False: ("监听，没有设", "green")}[listens]}
    if conn:
        cells["conn"] = ("ESTABLISHED", "green") if conn == "up" else ("TIME_WAIT", "violet")
        cells["asked"] = "监听它的设了" if asked else "监听它的没有设"
    cells["client"] = ("客户端连着", "green") if conn == "up" else "客户端"
    return cells


SCENE = Machine(
    name="reuse_address",
    title="重启服务器：端口被谁占着",
    board=Board(
        height=136,
        cells=(Cell("client", 8, 52, 84, 34, 12), Cell("listener", 206, 28, 114, 34, 12),
               Cell("conn", 206, 76, 114, 30, 11.5, comes=True), Cell("asked", 206, 108, 114, 20, 10.5, comes=True)),
        labels=(Label(263, 15, "服务器的端口", bold=True),),
        ways=(Way("ask", ((96, 69), (200, 69))),),
    ),
    buttons=(Button("plain", "启动", (1, 3, 4)), Button("reuse", "设了再启动", (1, 2, 3, 4)),
             Button("connect", "客户端来连", (5,)), Button("stop", "停服务器", (6, 7)), Button("client", "客户端先关"),
             Button("minute", "过 60 秒")),
    start=(None, None, False),
    opening="一个端口，还没有人用。启动服务器，让客户端连上，停掉，再启动一次。",
    press=press,
    look=look,
    story=("plain", "connect", "stop", "minute", "reuse", "connect", "stop", "reuse"),
    legend=(("green", "在用"), ("violet", "TIME_WAIT：关了，还占着")),
    code=CODE,
)
