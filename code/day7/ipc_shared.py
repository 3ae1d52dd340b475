"""共享内存（shared memory）：同一块内存出现在两个进程里，不用复制，也没有人排队。

运行：  python code/day7/ipc_shared.py
局限：  什么时候写好了、谁先谁后，要另用锁或事件约定；用完要 unlink 一次。
"""
import multiprocessing
import os
from multiprocessing.shared_memory import SharedMemory

TIMES = 20_000


def main():
    lock = multiprocessing.Lock()
    memory = SharedMemory(create=True, size=1_000_000)
    try:
        workers = [multiprocessing.Process(target=add, args=(memory.name, lock))
                   for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        total = int.from_bytes(memory.buf[:8], "little")
        print("两个进程各加", TIMES, "次，结果", total)
        print("最后一个字节是子进程写的：", memory.buf[999_999])
        print("/dev/shm 里有它的名字", names(memory), "个")
    finally:
        memory.close()                                # 每个进程各自 close
        memory.unlink()                               # 由一个进程 unlink，一次
    print("unlink 以后", names(memory), "个")


def names(memory):
    return os.listdir("/dev/shm").count(memory.name)


def add(name, lock):
    memory = SharedMemory(name)  # 不是同一个程序派生的进程，3.13 起要加 track=False
    for _ in range(TIMES):
        with lock:    # 读、加、写三步，中间不能插进别人
            count = int.from_bytes(memory.buf[:8], "little")
            memory.buf[:8] = (count + 1).to_bytes(8, "little")
    memory.buf[999_999] = 7
    memory.close()


if __name__ == "__main__":
    main()
