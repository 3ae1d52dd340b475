"""套接字可以作为参数交给子进程：描述符借一个 AF_UNIX 套接字送过去。

运行：  python code/day7/send_socket.py
局限：  只有 multiprocessing 送参数、经过 Queue 和 Pipe 时才行；打开的文件不行。
"""
import multiprocessing
import socket


def main():
    for method in ("fork", "spawn", "forkserver"):
        mine, other = socket.socketpair()
        with mine, other:
            context = multiprocessing.get_context(method)
            process = context.Process(target=greet, args=(other, method))
            process.start()
            process.join()
            print(mine.recv(100).decode())


def greet(connection, method):
    with connection:
        connection.sendall(f"{method} 的子进程拿到了套接字".encode())


if __name__ == "__main__":
    main()
