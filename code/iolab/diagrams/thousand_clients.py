"""一千个客户端：what select, poll and epoll look at in one turn of a server.

select and poll are told everybody each time, and the kernel asks each of them; epoll was told once (epoll_ctl), and
whoever gets data puts itself on a list. Sources: select(2), with FD_SETSIZE and "the descriptors are checked up to the
limit"; poll(2); epoll(7), "the interest list" and "the ready list"; fs/select.c, do_select() and do_poll(). Left out:
what epoll_ctl costs once for each client, and that a first poll also enters itself into each client's wait queue.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

SQUARES, ACROSS, LIMIT = 50, 10, 1024
WAYS = "select", "poll", "epoll"
ROWS = "交给内核", "内核查看", "交回来", "程序查看", "一共"
CODE = Code("""
found = select.select(clients, [], [])
found = poller.poll()
found = epoller.poll()
""")


def work(way, clients, ready):
    """How many entries one turn hands over, the kernel looks at, hands back, the program looks at. None: impossible."""
    if way == "select" and clients >= LIMIT:
        return None
    if way == "epoll":
        return 0, ready, ready, ready
    return clients, clients, clients, clients


def film(clients, ready):
    """The views of one turn with so many clients of which so many have sent something."""
    told = {way: work(way, clients, ready) for way in WAYS}
    views = [_view(f"{clients} 个连接，{ready} 个有数据到了。服务器要知道是哪几个。", clients, ready, told, 0)]
    for number, caption in enumerate((
            f"问一次：select 和 poll 每次都把 {clients} 个描述符交给内核。epoll 早就登记过，这次什么也不用交。",
            f"内核找有数据的：select 和 poll 一个一个地问过去。epoll 的名单上已经有 {ready} 个，是数据到来时记下的。",
            f"交回来：select 和 poll 把整张表还给程序，有数据的在里面做了记号。epoll 只交 {ready} 个。",
            f"程序找有记号的：前两种还要从头看到尾（Python 的解释器替你看）。epoll 交来的 {ready} 个，个个有数据。",
    ), 1):
        views.append(_view(caption, clients, ready, told, number, (1, 2, 3)))
    totals = {way: looked and looked[1] + looked[3] for way, looked in told.items()}
    times = totals["poll"] // totals["epoll"]
    end = f"一轮下来，poll 看了 {totals['poll']} 次，epoll 看了 {totals['epoll']} 次" \
          + (f"，差 {times} 倍。" if times > 1 else "：个个都有数据，谁也不占便宜。")
    if told["select"] is None:
        end += f"select 根本用不了：它的表只有 {LIMIT} 格。"
    views.append(_view(end, clients, ready, told, 5))
    return tuple(views)


def _view(caption, clients, ready, told, step, at=()):
    cells, marked = {}, max(1, round(SQUARES * ready / clients))
    for way, looked in told.items():
        for square in range(SQUARES):
            has_data = square < marked
            colour = "amber" if has_data else "plain"
            if looked is None:
                colour = "red"
            elif 1 <= step <= 4 and (looked[step - 1] == clients or (looked[step - 1] and has_data)):
                colour = "green" if step in (2, 4) else "blue"
            cells[f"{way}{square}"] = "", colour
        for row in range(min(step, 4)):
            cells[f"{way}-{row}"] = ("放不下", "red") if looked is None else f"{looked[row]}"
        if step == 5:
            cells[f"{way}-4"] = ("用不了", "red") if looked is None else f"看 {looked[1] + looked[3]} 次"
    return View(caption, cells, (), at)


def _grid(way, left):
    return [Cell(f"{way}{square}", left + 9.3 * (square % ACROSS), 26 + 9.5 * (square // ACROSS), 8, 8)
            for square in range(SQUARES)]


LEFT = {way: 45 + 95 * number for number, way in enumerate(WAYS)}

SCENE = Sweep(
    name="thousand_clients",
    title="一千个客户端：问一次，要看几个",
    board=Board(
        height=204,
        cells=(*(cell for way in WAYS for cell in _grid(way, LEFT[way])),
               *(Cell(f"{way}-{row}", LEFT[way], 82 + 24 * row, 92, 21, 11) for way in WAYS
                 for row in range(len(ROWS)))),
        labels=(*(Label(LEFT[way] + 46, 12, way, 12.5, bold=True) for way in WAYS),
                *(Label(41, 92.5 + 24 * row, words, 9.5, anchor="end") for row, words in enumerate(ROWS))),
    ),
    sliders=(Slider("连着的", (100, 1000, 10000), " 个", at=1), Slider("有数据的", (1, 10, 100), " 个", at=1)),
    film=film,
    legend=(("green", "CPU 在看它"), ("amber", "有数据，等着被读"), ("blue", "在程序和内核之间来去"),
            ("red", "超出了 select 的表")),
    code=CODE,
)
