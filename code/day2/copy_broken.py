"""失败：用文本方式复制二进制文件，没有任何报错，内容却变了。

运行：  python code/day2/copy_broken.py
局限：  字节碰巧是合法的 UTF-8 才不报错；不合法时至少会得到 UnicodeDecodeError。
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
    with (open(source, encoding="utf-8") as old,
          open(target, "w", encoding="utf-8") as new):
        while block := old.read(4096):
            new.write(block)


if __name__ == "__main__":
    main()
