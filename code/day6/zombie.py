"""看一个僵尸：内存已经全部释放，只剩 PID 和退出状态；kill -9 没有用。

运行：  python code/day6/zombie.py
"""
import os
import signal


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # 不要别人遗传来的设置
    pid = os.fork()
    if pid == 0:
        end(bytearray(50_000_000))
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)    # 等它结束，但不回收
    show("子进程结束，父进程没有处理", pid)
    os.kill(pid, signal.SIGKILL)
    show("kill -9 之后", pid)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    there = os.path.exists(f"/proc/{pid}")
    print("waitpid 取走退出码", code, "之后：", "还在" if there else "没有了")


def end(memory):
    os._exit(3)                                      # 结束时还占着 memory


def show(when, pid):
    with open(f"/proc/{pid}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    memory = "还占内存" if "VmSize" in fields else "没有一页内存"
    number = "PID 还占着" if int(fields["Pid"]) == pid else "PID 变了"
    print(f"{when}：{fields['State'].strip()}，{memory}，{number}")


if __name__ == "__main__":
    main()
