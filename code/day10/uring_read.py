"""io_uring 的两个环：一次交出三个 read，字节来了由内核放进缓冲区，再来通知。

运行：  python code/day10/uring_read.py
局限：  只为看清两个环，环满了没有管；要 Linux 5.6，容器常常禁止。
"""
import ctypes
import mmap
import os
import struct
import sys

SETUP, ENTER = 425, 426                               # 系统调用的编号
READ, GETEVENTS, SQES = 22, 1, 0x10000000             # linux/io_uring.h
LIBC = ctypes.CDLL(None, use_errno=True)


def main():
    try:
        ring = Ring(4)
    except OSError as error:
        sys.exit(f"这里不能用 io_uring：{error.strerror}")
    pipes, buffers = [os.pipe() for _ in range(3)], [bytearray(9) for _ in range(3)]
    for number, (source, _) in enumerate(pipes):
        ring.put(source, buffers[number], number)
    ring.enter(3, 0)
    done = len(ring.take())
    print("交出 3 个 read，系统调用", ring.calls, "次，做完", done, "个")
    for number in (2, 0, 1):
        os.write(pipes[number][1], f"第 {number} 句".encode()[:9])
    ring.enter(0, 3)
    for number, count in ring.take():
        print("做完了：", number, "号，", count, "字节，", buffers[number].decode())
    print("一共", ring.calls, "次系统调用，没有调用过 read")
    for fd in (ring.fd, *sum(pipes, ())):
        os.close(fd)


class Ring:
    def __init__(self, entries):
        params = bytearray(120)                       # struct io_uring_params
        self.calls, self.fd = 0, call(SETUP, entries, address_of(params))
        entries, finished, *_ = struct.unpack_from("7I", params)
        self.sq = struct.unpack_from("7I", params, 40)
        self.cq = struct.unpack_from("6I", params, 80)
        size = max(self.sq[6] + 4 * entries, self.cq[5] + 16 * finished)
        self.rings = mmap.mmap(self.fd, size)         # 两个环，和内核共用的内存
        self.entries = mmap.mmap(self.fd, 64 * entries, offset=SQES)

    def put(self, fd, buffer, data):
        """在提交环里写一项：从 fd 读进 buffer，做完用 data 认出它。"""
        _, tail, mask, *_, array = self.sq
        end = self.number(tail)
        slot = end & self.number(mask)
        entry = struct.pack("<BBHiQQIIQ", READ, 0, 0, fd, 0, address_of(buffer),
                            len(buffer), 0, data)
        self.entries[64 * slot:64 * slot + 64] = entry.ljust(64, b"\0")
        struct.pack_into("I", self.rings, array + 4 * slot, slot)
        struct.pack_into("I", self.rings, tail, end + 1)

    def enter(self, submit, wait):
        """交出 submit 项，等到至少 wait 项做完：唯一的系统调用。"""
        self.calls += 1
        call(ENTER, self.fd, submit, wait, GETEVENTS if wait else 0, None, 0)

    def take(self):
        """从完成环取走做完的：[(data, read 的返回值)]，不用系统调用。"""
        head, tail, mask, _, _, events = self.cq
        found = []
        for place in range(self.number(head), self.number(tail)):
            where = events + 16 * (place & self.number(mask))
            found.append(struct.unpack_from("<Qi", self.rings, where))
        struct.pack_into("I", self.rings, head, self.number(tail))
        return found

    def number(self, offset):
        return struct.unpack_from("I", self.rings, offset)[0]


def address_of(buffer):
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer))


def call(number, *args):
    result = LIBC.syscall(number, *map(ctypes.c_void_p, args))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


if __name__ == "__main__":
    main()
