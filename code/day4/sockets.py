"""自己的 ss：这台机器的 TCP 套接字，一行一个：状态、队列、两端的地址、进程。

运行：  python code/day4/sockets.py [端口]
局限：  只有 IPv4；别的用户的进程看不到；监听者的 Send-Q（backlog）这张表里没有。
"""
import glob
import os
import socket
import struct
import sys

STATES = (None, "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2",
          "TIME-WAIT", "CLOSE", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING")


def main(port=None):
    owners = find_owners()
    show("State", "Recv-Q", "Send-Q", "Local", "Peer", "Process")
    with open("/proc/net/tcp") as table:
        next(table)                                       # 各列的名字
        for line in table:
            _, local, peer, state, queues, _, _, _, _, inode, *_ = line.split()
            ends = address(local), address(peer)
            if port is None or any(end.endswith(f":{port}") for end in ends):
                sending, receiving = (int(size, 16) for size in queues.split(":"))
                owner = owners.get(f"socket:[{inode}]", "")
                show(STATES[int(state, 16)], receiving, sending, *ends, owner)


def show(state, receiving, sending, local, peer, owner):
    row = f"{state:11}{receiving:>8}{sending:>9}  {local:22}{peer:22}{owner}"
    print(row.rstrip())


def address(text):
    """0100007F:1F90 → 127.0.0.1:8080：十六进制，IP 按这台机器的字节序。"""
    host, port = text.split(":")
    packed = struct.pack("=I", int(host, 16))
    return f"{socket.inet_ntoa(packed)}:{int(port, 16)}"


def find_owners():
    """“socket:[inode 号]” → “名字 pid=…”：看每个进程的描述符指着什么。"""
    owners = {}
    for path in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            target = os.readlink(path)
            if target.startswith("socket:"):
                pid = path.split("/")[2]
                with open(f"/proc/{pid}/comm") as name:
                    owners[target] = f"{name.read().strip()} pid={pid}"
        except OSError:                                   # 进程刚结束，描述符刚关闭
            continue
    return owners


if __name__ == "__main__":
    main(*sys.argv[1:])
