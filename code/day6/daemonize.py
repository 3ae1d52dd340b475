"""守护进程（daemon）：离开终端和启动它的人，自己在后台过日子。

运行：  python code/day6/daemonize.py start 或 stop，再写 PID 文件的名字
局限：  今天的服务交给 systemd 这样的管家启动，不必自己做这些。
"""
import contextlib
import fcntl
import os
import signal
import sys

STARTED = "启动了"


def main(command, path):
    path = os.path.abspath(path)                      # 马上就要换工作目录
    if command == "stop":
        return stop(path)
    r, w = os.pipe()
    if os.fork() == 0:
        os.close(r)
        os.setsid()                                   # 新的会话：没有控制终端
        if os.fork() == 0:                            # 不是首领：再也得不到终端
            live(path, w)
        os._exit(0)                                   # 中间那一个马上结束
    os.close(w)
    os.wait()
    said = os.read(r, 1000).decode()                  # 等到它说准备好了
    print(said)
    return said != STARTED


def stop(path):
    with contextlib.suppress(FileNotFoundError), open(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:                       # 有人锁着，里面的 PID 才作数
            return os.kill(int(file.read()), signal.SIGTERM)
    return "没有在运行"


def live(path, w):
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)  # 一直开着，锁就一直在
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.write(w, "已经有一个在运行".encode())
    except OSError as error:
        return os.write(w, f"不能启动：{error}".encode())
    os.ftruncate(file, 0)
    os.write(file, str(os.getpid()).encode())
    os.chdir("/")                                     # 不占着别人要卸载的目录
    os.umask(0o022)                                   # 新文件的权限由自己定
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.write(w, STARTED.encode())
    os.close(w)
    signal.pause()                                    # 真正的服务从这里开始


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
