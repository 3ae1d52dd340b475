"""os.wait：阻塞到有一个子进程结束，回收它，取得它的退出状态。

运行：  python code/day6/wait.py
局限：  父进程等待的时候做不了别的事；WNOHANG 可以只看一眼。
"""
import os
import signal


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)    # 不要别人遗传来的设置
    for ending in (exit_with_3, killed):
        pid = start(ending)
        reaped, status = os.wait()                    # 阻塞
        who = "它" if reaped == pid else "别的子进程"
        code = os.waitstatus_to_exitcode(status)
        print(f"{ending.__name__}：回收了{who}，", end="")
        print(f"status 是 {status}，退出码是 {code}", flush=True)
    try:
        os.wait()
    except ChildProcessError:
        print("没有子进程时 os.wait 抛出 ChildProcessError", flush=True)

    r, w = os.pipe()
    pid = start(lambda: os.read(r, 1))                # 等父进程写一个字节才结束
    print("WNOHANG，子进程还在运行：", os.waitpid(pid, os.WNOHANG))
    os.write(w, b"x")
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    reaped, status = os.waitpid(pid, os.WNOHANG)
    print("WNOHANG，子进程已经结束：", ("PID" if reaped == pid else reaped, status))


def start(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return pid


def exit_with_3():
    os._exit(3)


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
