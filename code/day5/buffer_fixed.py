"""正确：fork 之前先 flush，子进程用 os._exit 结束。

运行：  python code/day5/buffer_fixed.py | cat
"""
import os


def main():
    print("只打印一次", flush=True)
    pid = os.fork()
    if pid == 0:
        os._exit(0)           # 不写出复制来的缓冲区；自己的要先 flush
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
