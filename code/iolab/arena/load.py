"""The load generator, a process of its own: holds idle connections and keeps active clients asking.

Run as  python -I load.py HOST PORT ACTIVE IDLE SECONDS SIZE  by `iolab.arena.measure`. Standard library only.

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


def main(host, port, active, idle, seconds, size):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    room = hard - 64
    clients, problem = hold(host, port, min(active + idle, room))
    if active + idle > room:
        problem = problem or f"only {hard} descriptors are allowed here (ulimit -n), so {room} connections were tried"
    report(held=len(clients), problem=problem)
    sys.stdin.readline()
    if len(clients) >= active:
        try:
            report(**ask(clients[:active], seconds, size))
        except OSError as error:
            report(problem=f"under load: {error}")
        sys.stdin.readline()  # the connections stay until the server has been weighed


def report(**result):
    print(json.dumps(result), flush=True)


def hold(host, port, count):
    """Open `count` connections one after the other; return those that were served, and what stopped it or None."""
    clients = []
    for _ in range(count):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.settimeout(PATIENCE)
        try:
            client.connect((host, port))
            client.sendall(b"?")
            answer = client.recv(1)
        except OSError as error:
            return clients, f"connection {len(clients) + 1}: {type(error).__name__}"
        if not answer:
            return clients, f"connection {len(clients) + 1}: closed by the server"
        clients.append(client)
    return clients, None


def ask(clients, seconds, size):
    """Closed loop: each client sends again as soon as its echo is complete. Returns counts, and latencies in ms.

    `waiting` is the mean number of clients whose echo has come when the load looks: as long as it is a small part of
    them, the others wait for the server, and the server sets the pace.
    """
    message, calls, missing, begun, latencies, looks = b"x" * size, {}, {}, {}, [], 0
    poller = select.epoll()
    for client in clients:
        client.setblocking(False)
        poller.register(client, select.EPOLLIN)
        calls[client.fileno()] = client.recv, client.send
    clock, note = time.perf_counter, latencies.append
    cpu, start = time.process_time(), clock()
    end = start + seconds
    for number, (_, send) in calls.items():
        missing[number], begun[number] = size, clock()
        send(message)
    now = start
    while now < end:
        looks += 1
        for number, _ in poller.poll(1):
            receive, send = calls[number]
            got = len(receive(size))
            if not got:
                raise ConnectionError("closed by the server")
            missing[number] -= got
            if not missing[number]:
                now = clock()
                note(now - begun[number])
                missing[number], begun[number] = size, now
                send(message)
        now = clock()
    cpu, wall = time.process_time() - cpu, clock() - start
    latencies.sort()
    return {"requests": len(latencies), "seconds": wall, "load_cpu": cpu / wall, "waiting": len(latencies) / looks,
            "p50_ms": at(latencies, 0.5), "p99_ms": at(latencies, 0.99)}


def at(ordered, share):
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


if __name__ == "__main__":
    host, *numbers = sys.argv[1:]
    port, active, idle, size = (int(numbers[place]) for place in (0, 1, 2, 4))
    main(host, port, active, idle, float(numbers[3]), size)
