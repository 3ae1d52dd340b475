"""正确：先写一个新文件，写完再用它换掉旧的；换（os.replace）是一步完成的。

运行：  python code/day2/overwrite_fixed.py
局限：  权限和所有者来自新文件；断电后也要可靠，还得对目录调用 fsync。
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
    new = path + ".new"  # 换名字要在同一个文件系统里
    with open(new, "w", encoding="utf-8") as f:
        for record in records:
            f.write(record + "\n")
        f.flush()
        os.fsync(f.fileno())                              # 内容先到磁盘，再换名字
    os.replace(new, path)


if __name__ == "__main__":
    main()
