"""fork 之后并非什么都各有一份：共享映射、文件的偏移量是父子共用的。

运行：  python code/day5/fork_shared.py
"""
import mmap
import os
import tempfile


def main():
    normal = bytearray(1)
    address = id(normal)                             # CPython 里 id 就是地址
    private = mmap.mmap(-1, 1, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    shared = mmap.mmap(-1, 1)                        # 匿名映射默认是 MAP_SHARED
    with tempfile.TemporaryFile() as file:
        file.write(b"0123456789")
        file.seek(0)
        descriptor = file.fileno()
        pid = os.fork()
        if pid == 0:
            normal[0] = private[0] = shared[0] = 7
            os.read(descriptor, 4)                   # 子进程读走 4 个字节
            os._exit(id(normal) != address)
        _, status = os.waitpid(pid, 0)
        print("子进程写 7 之后，父进程看到：")
        same = "两边的地址相同" if status == 0 else "两边的地址不同"
        print("  普通变量", normal[0], f"（{same}）")
        print("  MAP_PRIVATE", private[0])
        print("  MAP_SHARED", shared[0])
        rest = os.read(descriptor, 3).decode()
        print("子进程读了 4 个字节，父进程接着读到", rest)


if __name__ == "__main__":
    main()
