"""四个进程往同一个文件的末尾各写一行：自己移到末尾的互相覆盖，O_APPEND 的一行不少。

运行：  python code/day3/append.py
"""
import os
import subprocess
import sys
import tempfile

NAMES = "甲乙丙丁"


def main():
    for way, flags in (("自己移到末尾", 0), ("O_APPEND", os.O_APPEND)):
        with tempfile.NamedTemporaryFile() as f:
            writers = [start(f.name, flags, name) for name in NAMES]
            for writer in writers:
                writer.stdout.read(1)                     # 都打开了，都移到了末尾
            for writer in writers:
                writer.communicate(b"\n")                 # 才一个一个地写
            lines = f.read().decode().splitlines()
        print(f"{way}：写了 {len(NAMES)} 行，文件里有 {len(lines)} 行", *lines)


def start(path, flags, name):
    command = [sys.executable, __file__, path, str(flags), name]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def write(path, flags, name):
    fd = os.open(path, os.O_WRONLY | flags)
    os.lseek(fd, 0, os.SEEK_END)
    os.write(1, b"!")
    os.read(0, 1)                                         # 等别的进程也到这里
    os.write(fd, f"{name}写的\n".encode())
    os.close(fd)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    else:
        main()
