"""失败：打开了不关，描述符用完，再也打不开任何文件。

运行：  python code/day2/leak_broken.py
局限：  默认的上限常常是 1024，这里设为 64，早一点看到。
"""
import resource


def main():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    used = []
    try:
        for _ in range(100):
            first_byte(__file__, used)
        print("读了 100 次")
    except OSError as error:
        print("做不下去：", error.strerror)


def first_byte(path, used):
    f = open(path, "rb")                      # noqa: SIM115
    used.append(f)                            # 还有人拿着它，Python 不会替你关
    return f.read(1)


if __name__ == "__main__":
    main()
