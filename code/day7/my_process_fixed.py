"""正确：先调用 super().__init__()；属性里放路径，到 run 里再打开文件。

运行：  python code/day7/my_process_fixed.py
"""
import multiprocessing
import os

context = multiprocessing.get_context("spawn")


class Writer(context.Process):
    def __init__(self, path):
        super().__init__()
        self.path = path

    def run(self):
        write(self.path)


def write(path):
    with open(path, "a", encoding="utf-8") as file:
        file.write("做完了")


def main():
    for kind in (Writer,):
        try:
            process = kind(os.devnull)
            process.start()
            process.join()
            print(kind.__name__, "退出码", process.exitcode)
        except Exception as error:
            print(kind.__name__, "启动失败：", type(error).__name__)


if __name__ == "__main__":
    main()
