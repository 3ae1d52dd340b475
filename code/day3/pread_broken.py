"""失败：两个线程共用一个描述符，先 lseek 再 read，读到的是别人要的地方。

运行：  python code/day3/pread_broken.py
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
    os.lseek(fd, index * SIZE, os.SEEK_SET)
    meanwhile()
    return os.read(fd, SIZE)


if __name__ == "__main__":
    main()
