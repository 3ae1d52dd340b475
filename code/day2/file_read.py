"""用五种方式读同一个文本文件：内容一样，同时放在内存里的数量不一样。

运行：  python code/day2/file_read.py 文件 --encoding utf-8
局限：  read() 和 readlines() 要放得下整个文件；一行太长时，逐行读也一样。
"""
import argparse
import sys


def main(path, encoding="utf-8"):
    for name, read in WAYS.items():
        with open(path, encoding=encoding) as f:
            sizes = [size(piece) for piece in read(f)]
        most = max(sizes, default=0)
        print(f"{name:14} 分 {len(sizes)} 次，最多的一次 {most} 个字符，"
              f"共 {sum(sizes)} 个")


def everything(f):
    yield f.read()


def blocks(f):
    while block := f.read(64):                # 到了末尾返回 ''，循环结束
        yield block


def lines(f):
    while line := f.readline():               # 空行是 '\n'，不是 ''
        yield line


def list_of_lines(f):
    yield f.readlines()


def iterate(f):
    yield from f                              # 就是 for line in f


def size(piece):
    return len(piece) if isinstance(piece, str) else sum(map(len, piece))


WAYS = {"read()": everything, "readlines()": list_of_lines,
        "read(64)": blocks, "readline()": lines, "for line in f": iterate}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="用五种方式读一个文本文件")
    parser.add_argument("path", metavar="文件", help="要读的文件")
    parser.add_argument("--encoding", default="utf-8", help="文件的编码")
    options = parser.parse_args()
    try:
        main(options.path, options.encoding)
    except (OSError, UnicodeError, LookupError) as error:
        sys.exit(f"读不了 {options.path}：{error}")
