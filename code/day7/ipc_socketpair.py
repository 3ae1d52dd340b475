"""套接字对（socket pair）：双向的管道；选 SOCK_SEQPACKET，消息界线也保留。

运行：  python code/day7/ipc_socketpair.py
局限：  和管道一样要在 fork 之前创建；没有亲缘关系的进程用有名字的 AF_UNIX 套接字。
"""
import os
import socket


def main():
    mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    mine.send("第一问".encode())
    mine.send("第二问".encode())                      # 两条都先等在内核里，界线还在
    pid = os.fork()
    if pid == 0:
        mine.close()
        while question := other.recv(1000):           # b'' 表示父进程关闭了它的一端
            other.send(f"{question.decode()}？收到".encode())
        os._exit(0)
    other.close()
    with mine:
        print(mine.recv(1000).decode())
        print(mine.recv(1000).decode())
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
