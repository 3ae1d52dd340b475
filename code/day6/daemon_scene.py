"""看看守护进程：启动，再启动一次，kill -9，又启动，停下。

运行：  python code/day6/daemon_scene.py（在当前目录里建一个 server.pid）
"""
import os
import pathlib
import select
import signal
import subprocess
import sys

DAEMON, FILE = pathlib.Path(__file__).with_name("daemonize.py"), "server.pid"


def main():
    command("start")
    pid = int(pathlib.Path(FILE).read_text())
    look(pid)
    command("start")
    died = os.pidfd_open(pid)                         # 可读：它结束了
    os.kill(pid, signal.SIGKILL)
    select.select([died], [], [])
    print("kill -9 以后，PID 文件", "还在" if os.path.exists(FILE) else "没有了")
    command("start")
    command("stop")


def command(word):
    done = subprocess.run([sys.executable, DAEMON, word, FILE], stdout=subprocess.PIPE)
    print(f"{word:5} →", done.stdout.decode().strip() or "做完了")


def look(pid):
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    print("  会话：", "新的" if int(stat[3]) != os.getsid(0) else "我的", end="，")
    print("首领已经走了" if int(stat[3]) != pid else "它是首领", end="，")
    print("控制终端：", stat[4])
    print("  工作目录：", os.readlink(f"/proc/{pid}/cwd"), end="，")
    print("0、1、2 号：", *(os.readlink(f"/proc/{pid}/fd/{n}") for n in range(3)))


if __name__ == "__main__":
    main()
