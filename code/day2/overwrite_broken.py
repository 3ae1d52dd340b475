"""失败：用 w 打开就已经清空了旧内容，写到一半出错，新旧都没有了。

运行：  python code/day2/overwrite_broken.py
"""
import os
import tempfile


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "账本.txt")
        save(path, ["存 100", "取 30"])
        try:
            save(path, ["存 100", None])                  # 第二条记录是坏的
        except TypeError as error:
            print("保存失败：", type(error).__name__)
        with open(path, encoding="utf-8") as f:
            print("账本里还有", f.read().splitlines())


def save(path, records):
    with open(path, "w", encoding="utf-8") as f:
        for record in records:
            f.write(record + "\n")


if __name__ == "__main__":
    main()
