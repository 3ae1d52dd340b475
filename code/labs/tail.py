"""实验 tail 的起点：把文件印一遍就结束。

运行：  python code/labs/tail.py 文件
评测：  python -m iolab.grade tail -- python code/labs/tail.py
"""
import argparse


def main(path, count=None):
    with open(path) as file:
        for line in file:
            print(line, end="")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", dest="count", type=int)
    parser.add_argument("path")
    main(**vars(parser.parse_args()))
