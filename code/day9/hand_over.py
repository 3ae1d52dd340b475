"""交出连接：前台进程只管 accept，把连上的套接字送给工作进程，由它们回答。

运行：  python code/day9/hand_over.py
局限：  轮流分配，不看谁忙；工作进程死了，交给它的连接也就断了。
"""
import os
import socket


def main():
    workers = []
    for number in (1, 2):
        workers.append(start_worker(number, [channel for channel, _ in workers]))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        clients = [socket.create_connection(address) for _ in range(4)]
        for number in range(4):
            conn, _ = listener.accept()
            with conn:  # 送出去以后，自己的这一份马上关闭
                channel, _ = workers[number % 2]
                socket.send_fds(channel, [b"!"], [conn.fileno()])
    for client, question in zip(clients, "甲乙丙丁", strict=True):
        with client:
            client.sendall(question.encode())
            print(client.recv(1024).decode())
    for channel, _ in workers:
        channel.close()  # 工作进程读到 b''，下班
    for _, pid in workers:
        os.waitpid(pid, 0)


def start_worker(number, earlier):
    mine, other = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            for channel in (mine, *earlier):
                channel.close()  # fork 连别人的通道也复制了：不关，先来的等不到 b''
            work(number, other)
        finally:
            os._exit(0)
    other.close()
    return mine, pid


def work(number, channel):
    while True:
        data, fds, _, _ = socket.recv_fds(channel, 1, maxfds=1)
        if not data:
            return
        os.set_inheritable(fds[0], False)  # 收来的是可继承的，别让以后的程序带走
        with socket.socket(fileno=fds[0]) as conn:
            question = conn.recv(1024).decode()
            conn.sendall(f"工作进程 {number} 回答客户端{question}".encode())


if __name__ == "__main__":
    main()
