"""子进程用六种办法把结果交给父进程。

运行：  python code/day8/ipc.py
局限：  每种只传一个小东西；共享内存要自己加锁，信号只能说“有事”，带不了数据。
"""
import multiprocessing
import os
import signal
import socket
import tempfile

fork = multiprocessing.get_context("fork")


def main():
    ways = {"管道": pipe, "套接字": socket_pair, "消息队列": message_queue,
            "共享内存": shared_memory, "文件": file, "信号": signals}
    for name, way in ways.items():
        print(f"{name}：{way()}")


def child(target, *args):
    """在子进程里执行，等它结束。内容很短才能先等后读：管道满了，写的会停住。"""
    worker = fork.Process(target=target, args=args)
    worker.start()
    worker.join()


def pipe():
    here, there = os.pipe()  # 字节流，单向，只在有亲缘的进程之间
    child(os.write, there, "你好".encode())
    os.close(there)
    with open(here, "rb") as f:
        return f.read().decode()


def socket_pair():
    here, there = socket.socketpair()                 # 双向；换成 TCP 就能跨机器
    with here, there:
        child(there.sendall, "你好".encode())
        return here.recv(100).decode()


def message_queue():
    queue = fork.SimpleQueue()  # 传任何能 pickle 的对象，收到的是拷贝
    child(queue.put, {"你": "好"})
    return queue.get()


def shared_memory():
    number = fork.Value("i", 0)  # 同一块内存，不拷贝；自带一把锁
    child(add, number)
    return number.value


def add(number):
    with number.get_lock():
        number.value += 1


def file():
    with tempfile.TemporaryFile() as f:               # 能留存；一起写要用文件锁
        child(os.pwrite, f.fileno(), "你好".encode(), 0)
        return os.pread(f.fileno(), 100, 0).decode()


def signals():
    got = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: got.append(number))
    child(os.kill, os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)
    return signal.Signals(got[0]).name


if __name__ == "__main__":
    main()
