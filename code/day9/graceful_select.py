"""select 服务器的收场：不再看监听套接字，欠的都交出去，期限到了就走。

运行：  python code/day9/graceful_select.py --port 9000，然后 kill 它
局限：  描述符的编号到 1023 为止，再来的客户端拒绝。
"""
import contextlib
import select
import time

from graceful_common import LONGEST, accept, listen, log, no_more, run, wakeup

ENDLESS = float("inf")
SET_SIZE = 1024                                       # select(2)：FD_SETSIZE


def main(host, port, work, limit):
    clients, ready = {}, {}             # 连接 → 收到一半的行；连接 → 没有发完的
    owed = []                           # （何时，谁，答案）
    stop, until = wakeup(), ENDLESS
    listener = listen(host, port)
    sources = [listener, stop]
    while (sources or clients) and time.monotonic() < until:
        next_one = min([until, *(when for when, *_ in owed)])
        wait = None if next_one == ENDLESS else max(0, next_one - time.monotonic())
        asking = [conn for conn, rest in clients.items()
                  if rest is not None and conn not in ready]    # 它不读，也不收它的
        readable, writable, _ = select.select(sources + asking, [*ready], [], wait)
        for conn in readable:
            if conn is stop:
                sources, until = [], time.monotonic() + limit
                drain(listener, clients)
            elif conn is listener:
                greet(listener, clients)
            else:
                receive(conn, clients, owed, work)
        for conn in writable:
            send(conn, clients, ready)
        pay(clients, owed, ready)
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
        if conn.fileno() < SET_SIZE:
            conn.setblocking(False)
            clients[conn] = b""
        else:
            log("拒绝一个客户端：select 只能监控编号小于 1024 的描述符")
            conn.close()
    return conn


def receive(conn, clients, owed, work):
    data = b""
    with contextlib.suppress(OSError):
        data = conn.recv(LONGEST)
    *lines, rest = (clients[conn] + data).split(b"\n")
    when = max([due for due, one, _ in owed if one is conn] or [time.monotonic()])
    for line in lines:                                # 一个做完，才做下一个
        when += work
        owed.append((when, conn, line + b"\n"))
    # None：不再收它的
    clients[conn] = rest if data and len(rest) < LONGEST else None


def send(conn, clients, ready):
    try:
        sent = conn.send(ready[conn])
    except BlockingIOError:
        return
    except OSError:                                   # 它走了：不再收，也不再发
        clients[conn], sent = None, len(ready[conn])
    ready[conn] = ready[conn][sent:]
    if not ready[conn]:
        del ready[conn]


def pay(clients, owed, ready):
    now = time.monotonic()
    for entry in [one for one in owed if one[0] <= now]:
        owed.remove(entry)
        ready[entry[1]] = ready.get(entry[1], b"") + entry[2]
        send(entry[1], clients, ready)
    waiting = {conn for _, conn, _ in owed} | ready.keys()
    for conn in [conn for conn, rest in clients.items() if rest is None]:
        if conn not in waiting:                       # 不欠它的了
            del clients[conn]
            conn.close()


if __name__ == "__main__":
    run(main)
