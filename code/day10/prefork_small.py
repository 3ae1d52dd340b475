"""先 listen，再 fork：三个进程停在同一个 accept 里，六个客户端，看谁来回答。

运行：  python code/day10/prefork_small.py
"""
import os
import signal
import socket

with socket.create_server(("127.0.0.1", 0)) as listener:
    workers = []
    for number in range(3):
        if (pid := os.fork()) == 0:
            while True:                          # 子进程：不停地接受
                with listener.accept()[0] as conn:
                    conn.sendall(b"%d" % number)
        workers.append(pid)
    for _ in range(6):                           # 父进程来当客户端
        with socket.create_connection(listener.getsockname()) as conn:
            print(conn.recv(100).decode(), "号进程回答", flush=True)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
