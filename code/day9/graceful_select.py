"""select 服务器的收场：不再看监听套接字，欠的都交出去，期限到了就走。

运行：  python code/day9/graceful_select.py --port 9000，然后 kill 它
局限：  对方不读，缓冲区满了，就不再等它。
"""
import contextlib
import select
import time

from graceful_common import LONGEST, accept, listen, no_more, run, wakeup

ENDLESS = float("inf")


def main(host, port, work, limit):
    clients, owed = {}, []              # 连接 → 收到一半的行；（何时，谁，答案）
    stop, until = wakeup(), ENDLESS
    listener = listen(host, port)
    sources = [listener, stop]
    while (sources or clients) and time.monotonic() < until:
        next_one = min([until, *(when for when, *_ in owed)])
        wait = None if next_one == ENDLESS else max(0, next_one - time.monotonic())
        listening = [conn for conn in clients if clients[conn] is not None]
        for conn in select.select(sources + listening, [], [], wait)[0]:
            if conn is stop:
                sources, until = [], time.monotonic() + limit
                drain(listener, clients)
            elif conn is listener:
                greet(listener, clients)
            else:
                receive(conn, clients, owed, work)
        pay(clients, owed)
    for conn in clients:
        conn.close()
    return len(clients)


def drain(listener, clients):
    while greet(listener, clients):                   # 已经在队列里的
        pass
    listener.close()
    for conn in clients:
        no_more(conn)


def greet(listener, clients):
    if conn := accept(listener):
        conn.setblocking(False)
        clients[conn] = b""
    return conn


def receive(conn, clients, owed, work):
    data = b""
    with contextlib.suppress(OSError):
        data = conn.recv(LONGEST)
    *lines, rest = (clients[conn] + data).split(b"\n")
    owed += [(time.monotonic() + work, conn, line + b"\n") for line in lines]
    # None：不再收它的
    clients[conn] = rest if data and len(rest) < LONGEST else None


def pay(clients, owed):
    now = time.monotonic()
    for entry in [one for one in owed if one[0] <= now]:
        owed.remove(entry)
        with contextlib.suppress(OSError):
            entry[1].send(entry[2])
    waiting = {conn for _, conn, _ in owed}
    for conn in [conn for conn, rest in clients.items() if rest is None]:
        if conn not in waiting:                       # 不欠它的了
            del clients[conn]
            conn.close()


if __name__ == "__main__":
    run(main)
