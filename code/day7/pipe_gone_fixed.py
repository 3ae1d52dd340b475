"""正确：读的一方走了，就安静地结束。

运行：  python code/day7/pipe_gone_fixed.py | head -1
"""
import os
import sys


def main():
    try:
        for number in range(1, 100_001):
            print(number)
        sys.stdout.flush()                            # 要出错，在这里出
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())         # 结束时还要写出剩下的
        sys.exit(1)


if __name__ == "__main__":
    main()
