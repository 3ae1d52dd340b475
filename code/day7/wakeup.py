"""让信号叫醒 select：set_wakeup_fd，信号的编号变成管道里的一个字节。

运行：  python code/day7/wakeup.py
"""
import os
import select
import signal


def main():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)                    # 满了就算了，决不能停在这里
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)        # 有处理函数的才算
    start_child()
    came = b""
    while len(came) < 2:
        select.select([reader], [], [])               # 真的服务器还看着别的描述符
        came += os.read(reader, 100)
    os.wait()
    for number in sorted(came):
        print("管道里有", number, "，就是", signal.Signals(number).name)


def start_child():
    parent = os.pidfd_open(os.getpid())    # 它没有了，也不会指着别人
    if os.fork() == 0:
        try:
            signal.pidfd_send_signal(parent, signal.SIGTERM)
        finally:
            os._exit(0)
    os.close(parent)


if __name__ == "__main__":
    main()
