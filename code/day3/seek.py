"""移动偏移量，读文件的任意一段。

运行：  python code/day3/seek.py [文件]           （默认用 26 个大写字母）
局限：  以二进制方式打开；管道和终端没有偏移量，不能 seek。
"""
import argparse
import io
import os
import sys

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def main(path=None):
    with open(path, "rb") if path else io.BytesIO(LETTERS) as f:
        tell(f, "打开")
        tell(f, "read(3)", f.read(3))                 # 读多少，就往后移多少
        f.seek(10)
        tell(f, "seek(10)", f.read(3))                # 从开头算
        f.seek(-3, os.SEEK_CUR)
        tell(f, "seek(-3, 1)", f.read(3))             # 从现在的位置往回
        f.seek(-3, os.SEEK_END)
        tell(f, "seek(-3, 2)", f.read())              # 从末尾往回
        f.seek(100, os.SEEK_END)
        tell(f, "seek(100, 2)", f.read())  # 可以越过末尾，那里没有东西可读


def tell(f, step, data=None):
    read = "" if data is None else f"，读到 {data}"
    print(f"{step:13} 位置 {f.tell()}{read}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="移动偏移量")
    parser.add_argument("path", nargs="?", metavar="文件", help="要读的文件")
    options = parser.parse_args()
    try:
        main(options.path)
    except OSError as error:
        sys.exit(f"读不了 {options.path}：{error}")
