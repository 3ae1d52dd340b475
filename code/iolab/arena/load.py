"""The load generator, a process of its own: holds idle connections and keeps active clients asking.

Run as  python -I load.py HOST PORT ACTIVE IDLE SECONDS SIZE WAIT BATCH LIMIT  by `iolab.arena.measure`. Standard
library only.

It prints one JSON line when all connections are held (each has had one byte echoed, so the server has really taken
it), waits for a line on standard input, lets every active client send SIZE bytes and wait for their echo over and over
for SECONDS, prints a second JSON line, and waits for another line, or the end, of standard input. Connections are
ended with RST, so that no port is left in TIME_WAIT.
"""

import json
import resource
import select
import socket
import struct
import sys
import time

PATIENCE = 3.0  # seconds without an echo after which the server counts as full
LAZY = 64  # echoes that are read at once


def main(host, port, active, idle, seconds, size, wait, batch, limit):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    room = hard - 64
    clients, problem = hold(host, port, min(active + idle, room), batch, limit)
    if active + idle > room:
        problem = problem or f"这里只允许 {hard} 个描述符（ulimit -n），所以只试了 {room} 个连接"
    report(held=len(clients), problem=problem)
    sys.stdin.readline()
    if len(clients) >= active:
        try:
            report(**ask(clients[:active], seconds, size, wait))
        except OSError as error:
            report(problem=f"压力之下：{error}")
        sys.stdin.readline()  # the connections stay until the server has been weighed


def report(**result):
    print(json.dumps(result), flush=True)


def hold(host, port, count, batch=1, limit=float("inf")):
    """Open `count` connections, `batch` at a time; return those that were served, and what stopped it or None.

    limit: seconds that this may take.
    """
    clients, begun = [], time.monotonic()
    while len(clients) < count:
        if time.monotonic() - begun > limit:
            return clients, f"{limit:.0f} 秒里只接受了 {len(clients)} 个连接"
        try:
            opened = [connect(host, port) for _ in range(min(batch, count - len(clients)))]
            for client in opened:
                if client.recv(1) == b"":
                    return clients, f"第 {len(clients) + 1} 个连接：服务器关闭了它"
                clients.append(client)
        except OSError as error:
            return clients, f"第 {len(clients) + 1} 个连接：{type(error).__name__}"
    return clients, None


def connect(host, port):
    """A connection on which one byte is on its way."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.settimeout(PATIENCE)
    client.connect((host, port))
    client.sendall(b"?")
    return client


def ask(clients, seconds, size, wait):
    """Closed loop: each client sends again as soon as its echo has come.

    Returns counts, and latencies in ms. The load must need less time for an echo
    than any server. So it waits for the edge that an arriving echo makes (EPOLLET,
    epoll(7)) and reads only every LAZY echoes, all at once; and with `wait` 0 it
    never sleeps, because the server would have to pay for waking it. `waiting` is
    the mean number of echoes that have come when the load looks: where it is far
    below the number of clients, they wait for the server, not for the load.
    """
    message, calls, unread, begun = b"x" * size, {}, {}, {}
    latencies, looks, poller = [], 0, select.epoll()
    for client in clients:
        client.setblocking(False)
        poller.register(client, select.EPOLLIN | select.EPOLLET)
        calls[client.fileno()] = client.recv, client.send
    clock, note = time.perf_counter, latencies.append
    now = start = clock()
    end = start + seconds
    for number, (_, send) in calls.items():
        unread[number], begun[number] = 0, clock()
        send(message)
    while now < end:
        looks += 1
        for number, _ in poller.poll(wait):
            receive, send = calls[number]
            now = clock()
            note(now - begun[number])
            unread[number] += 1
            if unread[number] == LAZY:
                if len(receive(size * LAZY)) < size * LAZY:
                    raise ConnectionError("回声不完整，或者服务器关闭了连接")
                unread[number] = 0
            begun[number] = now
            send(message)
        now = clock()
    wall = clock() - start
    latencies.sort()
    return {"requests": len(latencies), "seconds": wall,
            "waiting": len(latencies) / looks, "mean_ms": 1000 * sum(latencies) / max(len(latencies), 1),
            "p50_ms": at(latencies, 0.5), "p99_ms": at(latencies, 0.99)}


def at(ordered, share):
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


if __name__ == "__main__":
    host, port, active, idle, seconds, size, wait, batch, limit = sys.argv[1:]
    main(host, int(port), int(active), int(idle), float(seconds), int(size), float(wait), int(batch), float(limit))
