"""正确：先写一个新文件，写完再用它换掉旧的；换（os.replace）是一步完成的。

运行：  python code/day2/overwrite_fixed.py
局限：  权限和所有者来自新文件；写到一半出错，会留下没有写完的 .new。
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
    new = path + ".new"                                 # 换名字要在同一个文件系统里
    with open(new, "w", encoding="utf-8") as f:
        for record in records:
            f.write(record + "\n")
        f.flush()
        os.fsync(f.fileno())                            # 内容先到磁盘，再换名字
    os.replace(new, path)
    folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    os.fsync(folder)                                    # 名字记在目录里，也要到磁盘
    os.close(folder)


if __name__ == "__main__":
    main()
