"""失败：上一次运行留下了套接字文件，bind 说地址已被占用。

运行：  python code/day5/unix_stale_broken.py
"""
import os
import socket
import tempfile


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "app.sock")
        with socket.socket(socket.AF_UNIX) as last:
            last.bind(path)  # 上一次运行：套接字关闭了，文件还在
        try:
            with (socket.socket(socket.AF_UNIX) as one,
                  socket.socket(socket.AF_UNIX) as two):
                listen_at(path, one)
                print("重启成功")
                listen_at(path, two)  # 还在运行的时候，又启动一个
        except OSError as error:
            print("启动失败：", error.strerror)


def listen_at(path, listener):
    listener.bind(path)
    listener.listen()


if __name__ == "__main__":
    main()
