"""读者是网络：一条 TCP 连接的握手、数据和关闭，你来送达、拖延、弄丢、重复、插队。"""

from iolab.explore.level import ever, level, stuck
from iolab.explore.network import DATA, Connection

LEVEL = level(
    title="你是网络",
    task="路上的每个报文段听你的，还可以捣乱一次。让服务器好好地关闭，却收到一个 RST。",
    why="没有 TIME_WAIT，最后的 ACK 一丢，服务器重发的 FIN 就没有人认得了。先关闭的一方要等 2 MSL，好再答一次。",
    broken=Connection(patient=False),
    cured={"有 TIME_WAIT": Connection(patient=True)},
    goals=[
        ever("服务器的连接被 RST 断开", lambda v: v.server.was_reset),
        ever("同一份数据交给了程序两次", lambda v: v.server.received > DATA),
        stuck(),
    ],
)
