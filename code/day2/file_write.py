"""把输入的每一行写进文件，对照 write 报告的字符数和文件的字节数。

运行：  python code/day2/file_write.py 文件 [--append]      （Ctrl-D 结束输入）
局限：  不加 --append 会先清空；写到一半失败，新旧都没有，见 overwrite_fixed.py。
"""
import argparse
import os
import sys


def main(path, mode="w"):
    characters = 0
    with open(path, mode, encoding="utf-8", newline="\n") as f:
        for line in sys.stdin:
            characters += f.write(line)       # 返回字符数；换行是 line 自己带来的
    size = os.path.getsize(path)
    print(f"write 报告了 {characters} 个字符，文件现在有 {size} 字节")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="把输入写进文件")
    parser.add_argument("path", metavar="文件", help="要写的文件")
    parser.add_argument("--append", action="store_true", help="接在末尾，不清空")
    options = parser.parse_args()
    try:
        main(options.path, "a" if options.append else "w")
    except OSError as error:  # 磁盘满常常到 with 里的 close 才报告
        sys.exit(f"写不了 {options.path}：{error}")
