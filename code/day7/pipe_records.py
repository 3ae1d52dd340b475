"""两个进程往同一个管道里写记录：不超过 PIPE_BUF 的是完整的，多一个字节就会被插断。

运行：  python code/day7/pipe_records.py
局限：  只装一页的管道，两边不停地写：不这样逼它，要很久才断一次。
"""
import contextlib
import fcntl
import itertools
import os
import select

PAGE, EACH = 4096, 100


def main():
    for size in (100, select.PIPE_BUF, select.PIPE_BUF + 1):
        broken = sum(length % size > 0 for length in runs(size))
        print(f"每条 {size} 字节：", "有" if broken else "没有", "被插断的", sep="")


def runs(size):
    """两个进程各写 EACH 条以上，一方连着写了多少字节，一段一段地返回。"""
    r, w = os.pipe()
    fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, PAGE)          # 只装一页
    pids = [write_forever(letter * size, r, w) for letter in (b"a", b"b")]
    os.close(w)
    found, count = [], {b"a": 0, b"b": 0}
    while min(count.values()) < EACH * size:
        for letter, same in itertools.groupby(os.read(r, PAGE)):
            found.append([bytes([letter]), len(list(same))])
            count[found[-1][0]] += found[-1][1]
    os.close(r)                                       # 没有人读了，两个都结束
    for pid in pids:
        os.waitpid(pid, 0)
    return joined(found)[:-1]                         # 最后一段可能没有写完


def joined(found):
    """读的时候断开的，接起来。"""
    return [sum(length for _, length in part)
            for _, part in itertools.groupby(found, key=lambda piece: piece[0])]


def write_forever(record, r, w):
    pid = os.fork()
    if pid == 0:
        os.close(r)
        with contextlib.suppress(BrokenPipeError):
            while True:
                os.write(w, record)
        os._exit(0)
    return pid


if __name__ == "__main__":
    main()
