"""失败：二进制文件读到末尾得到 b''，拿它和 '' 比较，循环不会结束。

运行：  python code/day2/eof_broken.py
局限：  真的死循环会占满一个核，所以这里只转 100000 圈。
"""
import tempfile


def main():
    with tempfile.TemporaryFile() as f:
        f.write(b"0123456789")
        f.seek(0)
        print("循环了", read_blocks(f, limit=100_000), "圈，没有发现文件已经读完")


def read_blocks(f, limit):
    for turn in range(limit):
        block = f.read(4)
        if block == "":                               # 笔记说读到末尾返回空字符串
            return turn
    return limit


if __name__ == "__main__":
    main()
