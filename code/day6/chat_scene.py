"""聊天室的一场戏：真的服务器，三个真的客户端，照剧本说话，最后并排打印各人的屏幕。

运行：  python code/day6/chat_scene.py
局限：  每一步都等到该看见的人看见了才走下一步，所以屏幕每次一样；真人不会这样等。
"""
import itertools
import pathlib
import re
import subprocess
import sys
import threading
import unicodedata

FOLDER = pathlib.Path(__file__).parent
WIDTH = 20                                            # 每个屏幕有多宽


def main():
    with Actor("chat_server.py", "--port", "0") as room:
        port = re.search(r":(\d+)\n", room.sees("listening on"))[1]
        client = "chat_client.py", "--port", port
        with Actor(*client) as ming, Actor(*client) as hong, Actor(*client) as gang:
            play(room, ming, hong, gang)
    actors = {"服务器": room, "小明": ming, "小红": hong, "小刚": gang}
    screens = [[f"{name}的屏幕", "-" * WIDTH, *folded(actor.screen)]
               for name, actor in actors.items()]
    for row in itertools.zip_longest(*screens, fillvalue=""):
        print(" ".join(padded(cell) for cell in row).rstrip())


def play(room, ming, hong, gang):
    ming.types("小明")
    ming.sees("你进入了")
    hong.types("小明")                                # 重名
    hong.sees("请换一个")
    hong.types("小红")
    ming.sees("小红 进入了")
    gang.types("小刚")
    ming.sees("小刚 进入了")
    hong.sees("小刚 进入了")
    ming.types("大家好")
    hong.sees("大家好")
    gang.sees("大家好")
    room.types("九点关门")                            # 管理员在服务器的终端里输入
    for actor in (ming, hong, gang):
        actor.sees("九点关门")
    ming.leaves()                                     # Ctrl-D
    hong.sees("小明 退出了")
    gang.sees("小明 退出了")
    gang.process.kill()                               # SIGKILL，来不及告别
    hong.sees("小刚 退出了")
    hong.leaves()
    room.sees("小红 退出了")


def folded(screen):
    """屏幕上的各行，长的折成几行；不要第一行 listening on。"""
    for line in screen.splitlines():
        while line and not line.startswith("listening"):
            end = len(line)
            while width(line[:end]) > WIDTH:
                end -= 1
            yield line[:end]
            line = line[end:]


def padded(text):
    return text + " " * (WIDTH - width(text))


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Actor:
    """一个进程，它的键盘（标准输入）和屏幕（标准输出）。"""

    def __init__(self, script, *args):
        self.screen, self.grown = "", threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, FOLDER / script, *args], text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.grown:
                self.screen += line
                self.grown.notify_all()

    def sees(self, text):
        with self.grown:
            if not self.grown.wait_for(lambda: text in self.screen, timeout=30):
                raise TimeoutError(f"没有等到 {text}，屏幕上是：\n{self.screen}")
            return self.screen

    def types(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def leaves(self):
        self.process.stdin.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()                      # 已经结束的进程，没有影响
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()


if __name__ == "__main__":
    main()
