"""泄漏的描述符：服务器启动了一个帮手，自己结束以后，端口还被帮手占着。

运行：  python code/day6/inherit_broken.py
"""
import os
import socket
import subprocess
import sys

HELPER = [sys.executable, "-c", "import sys; sys.stdin.read()"]  # 一直等到 b''


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    address, inode = listener.getsockname(), os.fstat(listener.fileno()).st_ino
    helper = start_helper(listener)
    listener.close()                                  # 服务器结束了
    try:
        socket.create_server(address).close()
        print("重新启动：成功")
    except OSError as error:
        print("重新启动：失败，", os.strerror(error.errno))
    print("帮手手里有监听套接字", sockets(helper.pid).count(inode), "个")
    helper.communicate()


def start_helper(listener):
    listener.set_inheritable(True)
    return subprocess.Popen(HELPER, stdin=subprocess.PIPE, close_fds=False)


def sockets(pid):
    folder = f"/proc/{pid}/fd"
    return [os.stat(f"{folder}/{number}").st_ino for number in os.listdir(folder)]


if __name__ == "__main__":
    main()
