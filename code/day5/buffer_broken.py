"""失败：缓冲区里没有写出的内容被 fork 复制，打印了两遍。

运行：  python code/day5/buffer_broken.py | cat
局限：  在终端里看不到：终端是行缓冲，换行就写出；输出到管道或文件时才会这样。
"""
import os


def main():
    print("只打印一次")       # 留在缓冲区里
    pid = os.fork()
    if pid > 0:
        os.waitpid(pid, 0)    # 父子结束时，都写出自己那一份缓冲区


if __name__ == "__main__":
    main()
