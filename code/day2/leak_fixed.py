"""正确：用完就关，with 替你关，打开多少次都可以。

运行：  python code/day2/leak_fixed.py
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
    with open(path, "rb") as f:
        used.append(f)                        # 拿着一个已经关闭的文件对象不占描述符
        return f.read(1)


if __name__ == "__main__":
    main()
