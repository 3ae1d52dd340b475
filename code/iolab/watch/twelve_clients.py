"""Twelve real clients at once before a loop, a thread and an epoll server: who waits, who is served, who has left.

Each client sends its first word when all are connected, thinks for a while after each answer, and leaves after the
third. The same client, the same scripts as on the pages; what differs is how the server waits.
"""

import selectors
import socket
import time

from iolab.launch import serve
from iolab.model import Board, Cell, Label, Sweep, View
from iolab.watch.sampler import WatchError
from iolab.watch.trace import Lane, Span, Trace

TITLE = "十二个客户端同时遇到三种服务器（一次真实的运行）"
SERVERS = {"循环": "day9/loop_server.py", "线程": "day9/thread_server.py", "epoll": "day10/epoll_server.py"}
CLIENTS, QUESTIONS, THINKS = 12, 3, 0.04
WAITS, TALKS = "等", "说话"
PATIENCE = 30


def record():
    """Record and return the Trace: a lane for each client of each server, the seconds of each server from its start."""
    lanes = []
    for name, script in SERVERS.items():
        with serve(script) as server:
            lanes += [Lane(f"{name} {number:02}", spans) for number, spans in enumerate(_meet(server.address), 1)]
    return Trace.made_here("twelve_clients", TITLE, lanes)


def _meet(address):
    """The spans of each client, in the order in which they connected."""
    clients = [socket.create_connection(address, timeout=PATIENCE) for _ in range(CLIENTS)]
    try:
        return _talk(clients)
    finally:
        for client in clients:
            client.close()


def _talk(clients):
    start = time.monotonic()
    heard, left, speak = {}, {}, []             # seconds of the first answer, of leaving; (when, who) speaks next
    asked = dict.fromkeys(clients, 1)
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client, selectors.EVENT_READ)
            client.sendall(b"hello")
        while len(left) < len(clients):
            now = time.monotonic() - start
            if now > PATIENCE:
                raise WatchError(f"等了 {PATIENCE} 秒，{len(clients) - len(left)} 个客户端还没有得到全部回答。")
            for key, _ in selector.select(max(0, min((when for when, _ in speak), default=now + 1) - now)):
                key.fileobj.recv(100)
                heard.setdefault(key.fileobj, time.monotonic() - start)
                speak.append((time.monotonic() - start + THINKS, key.fileobj))
            now = time.monotonic() - start
            for client in [client for when, client in speak if when <= now]:
                if asked[client] == QUESTIONS:
                    selector.unregister(client)
                    client.close()
                    left[client] = now
                else:
                    asked[client] += 1
                    client.sendall(b"hello")
            speak = [(when, client) for when, client in speak if when > now]
    return [_spans(heard[client], left[client]) for client in clients]


def _spans(heard, left):
    first = round(max(heard, 0.001), 3)
    return (Span(0.0, first, WAITS, "问题已经发出，还没有人读"), Span(first, round(left, 3), TALKS, "服务器在回答它"))


def together(trace, server):
    """How many clients a server was talking to at most at the same time."""
    lanes = [lane for lane in trace.lanes if lane.label.startswith(server)]
    spans = [span for lane in lanes for span in lane.spans if span.state == TALKS]
    return max(sum(one.start <= span.start < one.end for one in spans) for span in spans)


def picture(trace):
    """The recording as a picture that moves: a column for each server, a row for each client."""
    end = max(lane.spans[-1].end for lane in trace.lanes)
    fine = [0.05 * step for step in range(5)]
    moments = [*fine, *(round(0.1 * step, 1) for step in range(3, int(end * 10) + 1)), end]
    return Sweep(
        name=trace.kind,
        title=trace.title,
        board=Board(
            height=24 + 21 * CLIENTS + 26,
            cells=(*(Cell(lane.label, 26 + 101 * column, 24 + 21 * row, 97, 18, 10.5)
                     for column, name in enumerate(SERVERS)
                     for row, lane in enumerate(one for one in trace.lanes if one.label.startswith(name))),
                   Cell("clock", 26 + 101, 24 + 21 * CLIENTS + 3, 97, 20, 11.5)),
            labels=(*(Label(26 + 101 * column + 48, 12, f"{name}服务器", 12, bold=True)
                      for column, name in enumerate(SERVERS)),
                    *(Label(20, 33 + 21 * row, str(row + 1), 10, anchor="end") for row in range(CLIENTS))),
        ),
        sliders=(),
        film=lambda: tuple(_view(trace, moment) for moment in moments),
        pace=400,
        legend=(("amber", "问了，在等"), ("green", "服务器在回答它"), ("plain", "已经离开")),
    )


def _view(trace, moment):
    cells = {"clock": f"{moment:.2f} 秒"}
    counts = {name: dict.fromkeys((WAITS, TALKS, "走了"), 0) for name in SERVERS}
    for lane in trace.lanes:
        waits, talks = lane.spans
        state = WAITS if moment < waits.end else TALKS if moment < talks.end else "走了"
        counts[lane.label.split()[0]][state] += 1
        cells[lane.label] = {WAITS: (WAITS, "amber"), TALKS: (TALKS, "green"),
                             "走了": f"{talks.end:.2f} 秒走了"}[state]
    told = "；".join(f"{name}：" + "，".join(f"{count} 个{state}" for state, count in states.items() if count)
                    for name, states in counts.items())
    return View(f"{moment:.2f} 秒。{told}。", cells)
