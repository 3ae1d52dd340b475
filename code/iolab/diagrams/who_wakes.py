"""谁醒来：a client comes, and several processes wait at one port. How many wake, how many for nothing, who gets it.

accept in several processes waits exclusively: the kernel wakes the one that has waited longest, and who has served
waits behind the others. select, poll and epoll ask about the same queue, and all who ask are told; only one accept
finds something. EPOLLEXCLUSIVE tells one: the first that has registered and is not busy, so among sleepers always the
same. With SO_REUSEPORT each process has a listener and a queue of its own, and a hash of the connection's addresses and
ports chooses. Sources: accept(2); epoll_ctl(2), EPOLLEXCLUSIVE; socket(7), SO_REUSEPORT; kernel/sched/wait.c,
add_wait_queue_exclusive(); net/ipv4/inet_connection_sock.c, inet_csk_wait_for_connect(); net/core/sock_reuseport.c.
Left out: that a quick process may have accepted before the others have looked, so that fewer come for nothing.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

ACCEPT, ASKED, ALONE, HASHED = "accept", "select、epoll", "EPOLLEXCLUSIVE", "SO_REUSEPORT"
MOST = 4
CHOSEN = 2, 0, 3                        # what the hash says of three clients
CODE = Code("""
conn, _ = listener.accept()
select.select([listener], [], [])
poller.register(s, EPOLLEXCLUSIVE)
create_server(here, reuse_port=True)
""")
WHY = {ACCEPT: "几个进程停在同一个 accept 里，内核叫醒排在最前面的那一个。",
       ASKED: "每个进程都问过“有没有客户端”，内核就个个都告诉。",
       ALONE: "登记的时候说了只叫一个，内核叫醒最先登记、正闲着的那一个。",
       HASHED: "每个进程有自己的监听套接字和队列，连接的地址和端口算出放进哪一个。"}


def woken(way, client):
    """The processes that wake when client number `client` comes to nobody but sleepers, who gets it first."""
    if way == ACCEPT:
        return [client % MOST]          # who has waited longest; having served, one waits behind the others
    if way == ASKED:
        return [client % MOST, *(one for one in range(MOST) if one != client % MOST)]
    return [0] if way == ALONE else [CHOSEN[client]]


def film(way, clients):
    line = list(WAYS).index(way) + 1
    views = [View(f"{MOST} 个进程在等，都睡着。", _asleep(way))]
    total, got = 0, [0] * MOST
    for client in range(clients):
        up = woken(way, client)
        queue = f"queue{up[0]}" if way == HASHED else "queue"
        name = f"{client + 1} 号客户端"
        views.append(View(f"{name}连上来，排进队列。", {**_asleep(way), queue: (name, "blue")}, (), (line,)))
        total += len(up)
        told = WHY[way] if not client else f"醒来 {len(up)} 个。"
        views.append(View(told, {**_asleep(way), queue: (name, "blue"),
                                 **{f"process{one}": ("醒了", "green") for one in up}}, (), (line,)))
        got[up[0]] += 1
        ends = {f"process{one}": ("接到了", "green") if one == up[0] else ("扑空", "red") for one in up}
        last = f"{len(up) - 1} 个白醒了一次，再睡。" if up[1:] else "没有人白醒。"
        views.append(View(f"{up[0]} 号进程接到了。{last}", {**_asleep(way), **ends}, (), (line,)))
    shares = "、".join(map(str, got))
    end = f"{clients} 个客户端，醒来 {total} 次，白醒 {total - clients} 次；各进程接到 {shares} 个。"
    return (*views, View(end, _asleep(way) | {f"process{one}": (f"{count} 个", "green" if count else "amber")
                                              for one, count in enumerate(got)}))


def _asleep(way):
    queues = {f"queue{one}": "" for one in range(MOST)} if way == HASHED else {"queue": ""}
    return queues | {f"process{one}": ("睡", "amber") for one in range(MOST)}


WAYS = WHY
LEFT = [8 + 80 * one for one in range(MOST)]

SCENE = Sweep(
    name="who_wakes",
    title="来了客户端，谁醒来",
    board=Board(
        height=138,
        cells=(Cell("queue", 8, 24, 312, 30, 11, comes=True),
               *(Cell(f"queue{one}", left, 24, 72, 30, 10, comes=True) for one, left in enumerate(LEFT)),
               *(Cell(f"process{one}", left, 84, 72, 32, 11.5) for one, left in enumerate(LEFT))),
        labels=(Label(8, 13, "监听套接字的队列", anchor="start", bold=True),
                Label(8, 72, "进程", anchor="start", bold=True),
                *(Label(left + 36, 127, f"{one} 号", 10) for one, left in enumerate(LEFT))),
    ),
    sliders=(Slider("办法", tuple(WAYS), at=1), Slider("客户端", (1, 3), " 个")),
    film=film,
    legend=(("amber", "睡着等"), ("blue", "排在队列里的连接"), ("green", "醒了，接到了"), ("red", "醒了，扑空")),
    code=CODE,
)
