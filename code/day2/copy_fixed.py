"""正确：复制用二进制方式，字节原样进、原样出。

运行：  python code/day2/copy_fixed.py
"""
import os
import tempfile

PICTURE = b"\x00\x00\x02\r\n\x00\x10"  # 一幅图的开头，里面碰巧有 \r\n


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "原件")
        target = os.path.join(folder, "复制品")
        with open(source, "wb") as f:
            f.write(PICTURE)
        copy(source, target)
        with open(target, "rb") as f:
            result = f.read()
        print("一样" if result == PICTURE else f"不一样：{PICTURE} 变成了 {result}")


def copy(source, target):
    with open(source, "rb") as old, open(target, "wb") as new:
        while block := old.read(4096):
            new.write(block)


if __name__ == "__main__":
    main()
