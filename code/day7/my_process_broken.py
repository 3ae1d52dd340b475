"""失败：没有调用 super().__init__()；把打开的文件放进属性，spawn 时送不到子进程。

运行：  python code/day7/my_process_broken.py
局限：  第二个错误在 fork 下看不出来。
"""
import multiprocessing
import os

context = multiprocessing.get_context("spawn")


class Forgetful(context.Process):
    def __init__(self, path):
        self.path = path                              # 没有 super().__init__()

    def run(self):
        write(self.path)


class Holder(context.Process):
    def __init__(self, path):
        super().__init__()
        self.file = open(path, "a")    # noqa: SIM115  打开的文件不能 pickle

    def run(self):
        self.file.write("做完了")


def write(path):
    with open(path, "a", encoding="utf-8") as file:
        file.write("做完了")


def main():
    for kind in (Forgetful, Holder):
        try:
            process = kind(os.devnull)
            process.start()
            process.join()
            print(kind.__name__, "退出码", process.exitcode)
        except Exception as error:
            print(kind.__name__, "启动失败：", type(error).__name__)


if __name__ == "__main__":
    main()
