"""等同一条消息的五种办法，用 strace 记录各自的系统调用（system call）。

运行：  python code/day9/io_calls.py epoll                                   只等一次
        python code/day9/io_calls.py --record > book/traces/io_calls.json    需要 Linux 和 strace
局限：  只记录主线程，发消息的线程不在内；连续相同的调用合成一行。
"""
import argparse
import asyncio
import itertools
import json
import os
import platform
import re
import select
import socket
import subprocess
import sys
import threading

MARK = "/mark"  # 询问一个不存在的文件，在记录里留下记号
CALLS = "access,recvfrom,read,poll,select,pselect6,epoll_create1,epoll_ctl,epoll_wait,epoll_pwait,epoll_pwait2"


def main(kind):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        conn, _ = listener.accept()
    with client, conn:
        sender = threading.Timer(0.2, client.sendall, (b"news",))
        sender.start()
        os.access(MARK, os.F_OK)
        KINDS[kind](conn)
        os.access(MARK, os.F_OK)
        sender.join()


def blocking(conn):
    conn.recv(100)


def non_blocking(conn):
    conn.setblocking(False)
    while True:
        try:
            return conn.recv(100)
        except BlockingIOError:
            pass


def timeout(conn):
    conn.settimeout(5)
    conn.recv(100)


def multiplexed_select(conn):
    select.select([conn], [], [])
    conn.recv(100)


def multiplexed_epoll(conn):
    with select.epoll() as poller:
        poller.register(conn, select.EPOLLIN)
        poller.poll()
        conn.recv(100)


def asynchronous(conn):
    conn.setblocking(False)

    async def receive():
        await asyncio.get_running_loop().sock_recv(conn, 100)

    asyncio.run(receive())


KINDS = {"blocking": blocking, "non_blocking": non_blocking, "timeout": timeout, "select": multiplexed_select,
         "epoll": multiplexed_epoll, "asyncio": asynchronous}


def record():
    return {
        "command": "python code/day9/io_calls.py --record > book/traces/io_calls.json",
        "kernel": platform.release().split("-")[0], "python": platform.python_version(),
        "calls": {kind: trace(kind) for kind in KINDS},
    }


def trace(kind):
    command = ["strace", "-e", f"trace={CALLS}", "-o", "/dev/fd/2", sys.executable, __file__, kind]
    text = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True).stderr
    lines = [line for line in text.split(f'access("{MARK}"')[1].splitlines()[1:] if re.match(r"\w+\(", line)]
    lines = [re.sub(r", data={[^}]*}|0x\w+", lambda found: "" if found[0][0] == "," else "…", line) for line in lines]
    counted = [(line, len(list(same))) for line, same in itertools.groupby(lines)]
    return [re.sub(r"\s+= ", " = ", line) + (f"    （共 {count} 次）" if count > 1 else "") for line, count in counted]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="等一条消息，看它用了哪些系统调用")
    parser.add_argument("kind", nargs="?", choices=KINDS, default="blocking", help="怎样等")
    parser.add_argument("--record", action="store_true", help="用 strace 记录每一种")
    options = parser.parse_args()
    try:
        if options.record:
            print(json.dumps(record(), ensure_ascii=False, indent=1))
        else:
            main(options.kind)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        sys.exit(f"不能记录，需要 strace：{error}")
