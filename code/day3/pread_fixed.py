"""正确：pread 自己带着位置，两个线程共用一个描述符，各读各的。

运行：  python code/day3/pread_fixed.py
"""
import os
import tempfile
import threading

RECORDS = [b"zero", b"one.", b"two.", b"thre"]
SIZE = 4


def main():
    with tempfile.TemporaryFile(buffering=0) as f:
        f.write(b"".join(RECORDS))
        found = {}

        def second():
            found["乙"] = 2, fetch(f.fileno(), 2, lambda: None)

        def meanwhile():                                  # 恰好在这时轮到另一个线程
            thread.start()
            thread.join()

        thread = threading.Thread(target=second)
        found["甲"] = 0, fetch(f.fileno(), 0, meanwhile)
    for name, (index, got) in sorted(found.items()):
        print(f"线程{name}要第 {index} 条 {RECORDS[index]}，读到 {got}")


def fetch(fd, index, meanwhile):
    meanwhile()
    return os.pread(fd, SIZE, index * SIZE)              # 不看也不动偏移量


if __name__ == "__main__":
    main()
