"""换掉一个文件，什么时候停电都不怕：写新的，fsync，os.replace，再 fsync 目录。

运行：  python code/day3/replace_file.py
局限：  新建的只有自己能读写（mkstemp）；符号链接会被换成普通文件。
"""
import contextlib
import os
import tempfile


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "积分")
        save(path, [b"100", b"\n"])
        try:
            save(path, [b"250", None])                    # 写到一半出错
        except TypeError as error:
            print("保存失败：", type(error).__name__)
        with open(path, "rb") as f:
            print("文件里是", f.read(), "，目录里有", os.listdir(folder))


def save(path, pieces):
    folder = os.path.dirname(os.path.abspath(path))
    fd, new = tempfile.mkstemp(dir=folder)                # 同一个文件系统
    try:
        with open(fd, "wb") as f:
            for piece in pieces:
                f.write(piece)
            with contextlib.suppress(FileNotFoundError):  # 原来没有就不用管
                os.fchmod(fd, os.stat(path).st_mode & 0o7777)
            f.flush()
            os.fsync(fd)                                  # 内容先到磁盘，再换名字
        os.replace(new, path)
    except BaseException:
        os.remove(new)                                    # 不留下半个文件
        raise
    sync_folder(folder)


def sync_folder(folder):
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)                                      # 名字记在目录里
    finally:
        os.close(fd)


if __name__ == "__main__":
    main()
