"""修好：没有人在听的套接字文件，先删掉，再 bind。

运行：  python code/day5/unix_stale_fixed.py
局限：  两个程序同时启动，一问一删之间仍可能抢先；再加一把文件锁才严密。
"""
import errno
import os
import socket
import stat
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
    if is_abandoned(path):
        os.unlink(path)
    listener.bind(path)
    listener.listen()


def is_abandoned(path):
    if not os.path.exists(path) or not stat.S_ISSOCK(os.stat(path).st_mode):
        return False  # 普通文件 connect 也是“拒绝”，可是决不能删
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)  # 队列满了是 EAGAIN：有人在听，只是忙，别等它
        return probe.connect_ex(path) == errno.ECONNREFUSED  # 没有人在听


if __name__ == "__main__":
    main()
