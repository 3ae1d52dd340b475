"""失败：读的一方走了，还在打印，最后留下一段 Traceback。

运行：  python code/day7/pipe_gone_broken.py | head -1
"""


def main():
    for number in range(1, 100_001):
        print(number)


if __name__ == "__main__":
    main()
