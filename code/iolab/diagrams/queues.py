"""两个队列：what Recv-Q and Send-Q of the two ends say, while a program reads or does not and the wire holds or not.

Send-Q counts what the program gave and the peer's kernel has not acknowledged (sent or not), Recv-Q what the program
has not read. Sources: ss(8); proc_pid_net(5) and net/ipv4/tcp_ipv4.c, get_tcp4_sock(): tx_queue is write_seq -
snd_una, rx_queue is rcv_nxt - copied_seq; RFC 9293 section 3.8.6, the window that closes when the receiver does not
read. Left out: the real sizes of the buffers, which the kernel moves; and that a wire which stays cut ends in ETIMEDOUT
after some 15 minutes.
"""

from iolab.model import Board, Button, Cell, Label, Machine, Way, Went

ROOM = 2                                # pieces that fit into each queue


def press(state, button):
    """state: (pieces in the server's Recv-Q, in the client's Send-Q, whether send() waits, whether the wire holds)."""
    unread, unsent, waits, up = state
    if button == "send":
        if waits:
            return "客户端还停在上一个 send 里，没有返回。"
        if unsent == ROOM:
            return Went((unread, unsent, True, up), "客户端自己的缓冲区也满了：send 不返回，停在那里。")
        return _settled(unread, unsent + 1, waits, up, "客户端 send 一块，内核收下，马上返回。")
    if button == "recv":
        if not unread:
            return "Recv-Q 是 0：现在调用 recv，停着等的是服务器。"
        return _settled(0, unsent, waits, up, "服务器 recv，把到了的都取走。")
    if button == "cut":
        gone = Went((unread, unsent, waits, False), "网线拔了。两边的 TCP 都不知道，状态都还是 ESTAB。")
        return gone if up else "已经断了。"
    said = "网线插上了，内核下一次重发。" if unsent else "网线插上了，没有什么要补发的。"
    return "网线好好的。" if up else _settled(unread, unsent, waits, True, said)


def _settled(unread, unsent, waits, up, said):
    moved = 0
    while up and unread < ROOM and unsent:
        unread, unsent, moved = unread + 1, unsent - 1, moved + 1
        if waits:
            unsent, waits, said = unsent + 1, False, f"{said}停着的 send 也返回了。"
    if moved:
        said += "到了对方，得到确认。"
    elif unsent:
        said += "对方说没有地方了（窗口是 0），只好留着。" if up else "到不了，没有确认，内核过一会儿就重发一次。"
    return Went((unread, unsent, waits, up), said, ("wire",) if moved else ())


def look(state):
    unread, unsent, waits, up = state
    cells = {"client": ("停在 send", "amber") if waits else ("客户端", "plain"), "server": "服务器",
             "net": ("通", "green") if up else ("断", "red"), "sendq": f"Send-Q {unsent}", "recvq": f"Recv-Q {unread}"}
    cells |= {f"out{piece}": ("一块", "blue") for piece in range(unsent)}
    cells |= {f"in{piece}": ("一块", "amber") for piece in range(unread)}
    return cells


SCENE = Machine(
    name="queues",
    title="两个队列：谁在等谁",
    board=Board(
        height=164,
        cells=(Cell("client", 8, 8, 110, 28, 12), Cell("server", 212, 8, 110, 28, 12),
               Cell("net", 142, 60, 46, 28, 12),
               *(Cell(f"out{piece}", 8 + 57 * piece, 60, 53, 28) for piece in range(ROOM)),
               *(Cell(f"in{piece}", 212 + 57 * piece, 60, 53, 28) for piece in range(ROOM)),
               Cell("sendq", 8, 126, 110, 28, 12), Cell("recvq", 212, 126, 110, 28, 12)),
        labels=(Label(63, 48, "内核：还没有确认的", 10.5), Label(267, 48, "内核：还没有读的", 10.5),
                Label(63, 114, "客户端那一行", 11, bold=True), Label(267, 114, "服务器那一行", 11, bold=True),
                Label(165, 140, "ESTAB", 11)),
        ways=(Way("wire", ((120, 74), (210, 74))),),
    ),
    buttons=(Button("send", "客户端 send"), Button("recv", "服务器 recv"), Button("cut", "拔网线"),
             Button("plug", "插网线")),
    start=(0, 0, False, True),
    opening="一个连接，两端各有一行。每个队列放得下两块（真的有几百 KB）。",
    press=press,
    look=look,
    story=("send", "send", "send", "send", "send", "recv", "recv", "cut", "send", "plug"),
    legend=(("green", "网线通着"), ("blue", "在路上，没有确认"), ("amber", "等着：程序没有读，或者 send 没有返回"),
            ("red", "断了")),
)
