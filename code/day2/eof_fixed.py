"""正确：空的结果不论是 '' 还是 b'' 都是假值，用 not 判断。

运行：  python code/day2/eof_fixed.py
"""
import tempfile


def main():
    with tempfile.TemporaryFile() as f:
        f.write(b"0123456789")
        f.seek(0)
        print("循环了", read_blocks(f, limit=100_000), "圈，知道文件已经读完")


def read_blocks(f, limit):
    for turn in range(limit):
        block = f.read(4)
        if not block:
            return turn
    return limit


if __name__ == "__main__":
    main()
