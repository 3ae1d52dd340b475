"""把 open 的每一种模式（mode）都在真的文件上试一遍，打印成一张 Markdown 表格。

运行：  python code/day2/file_open.py [目录]
局限：  试验用的文件建在目录里，用完删除；编码、换行的转换和缓冲不在表里。
"""
import argparse
import os
import sys
import tempfile

OLD, NEW = b"old", "0123456789"
MODES = [kind + binary + plus
         for binary in ("", "b") for kind in "rwax" for plus in ("", "+")]
HEAD = ("模式", "文件不存在时", "原有内容", "读到", "写入", "打开后在",
        "seek(0) 后写到")


def main(folder=None):
    print("|", " | ".join(HEAD), "|\n|" + "---|" * len(HEAD))
    with tempfile.TemporaryDirectory(dir=folder) as place:
        path = os.path.join(place, "试验")
        for mode in MODES:
            cells = [test(mode, path) for test in TESTS]
            print(f"| `{mode}` |", " | ".join(cells), "|", flush=True)


def when_missing(mode, path):
    try:
        open(path, mode).close()
    except FileNotFoundError:
        return "失败"
    os.remove(path)
    return "新建"


def what_remains(mode, path):
    prepare("r", path)
    try:
        open(path, mode).close()
    except FileExistsError:
        return "不肯打开"
    finally:
        size = os.path.getsize(path)
        os.remove(path)
    return "保留" if size == len(OLD) else "清空"


def what_is_read(mode, path):
    return use(mode, path, lambda f: type(f.read()).__name__)


def what_is_written(mode, path):
    return use(mode, path, write)


def where_it_begins(mode, path):
    return use(mode, path, lambda f: "开头" if f.tell() == 0 else "末尾")


def where_it_writes(mode, path):
    def write_again(f):
        write(f)                              # 先写一次，免得文件是空的
        f.seek(0)
        write(f)
        f.flush()
        return "末尾" if os.path.getsize(path) >= 2 * len(NEW) else "开头"

    return use(mode, path, write_again)


def write(f):
    try:
        f.write(NEW)
        return "str"
    except TypeError:
        f.write(NEW.encode())
        return "bytes"


def use(mode, path, action):
    prepare(mode, path)
    try:
        with open(path, mode) as f:
            return action(f)
    except OSError as error:                  # io.UnsupportedOperation 也是 OSError
        if error.errno:
            raise
        return "不能"
    finally:
        os.remove(path)


def prepare(mode, path):
    if "x" not in mode:
        with open(path, "wb") as f:
            f.write(OLD)


TESTS = (when_missing, what_remains, what_is_read, what_is_written,
         where_it_begins, where_it_writes)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="试验 open 的每一种模式")
    parser.add_argument("folder", nargs="?", metavar="目录",
                        help="试验用的文件建在哪里")
    options = parser.parse_args()
    try:
        main(options.folder)
    except OSError as error:
        sys.exit(f"试验做不下去：{error}")
