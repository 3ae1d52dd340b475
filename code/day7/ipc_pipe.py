"""管道（pipe）：一个方向的字节流。写端全部关闭，读端读到结尾。

运行：  python code/day7/ipc_pipe.py
局限：  只能单向，没有消息界线；只有有亲缘关系的进程才拿得到它的描述符。
"""
import os


def main():
    r, w = os.pipe()                                  # 必须在 fork 之前
    pid = os.fork()
    if pid == 0:
        os.close(r)
        for word in ("一条", "又一条"):
            os.write(w, word.encode())
        os._exit(0)
    os.close(w)    # 自己的写端不关，就永远读不到结尾
    os.waitpid(pid, 0)    # 只因为内容很短才能先等：超过 64 KiB，两边互相等
    print("读到：", os.read(r, 100).decode())          # 两次写，一次读完：没有界线
    print("写端全关了：", os.read(r, 100))
    os.close(r)


if __name__ == "__main__":
    main()
