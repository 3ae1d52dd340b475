"""PID 会重复使用：进程结束并回收以后，同一个号码又分给别的进程。

运行：  python code/day5/pid_reuse.py [--how]
局限：  等内核把号码用完一轮太久，所以在自己的 PID 命名空间里指定从哪个号码起。
        有的机器不许建命名空间，那里只能打印书里的记录；--how 说是哪一种。
"""
import os
import subprocess
import sys

# 普通用户先要一个用户命名空间，root 不用
NAMESPACES = (["unshare", "-Urpf"], ["unshare", "-pf"])
RECORDED = "300、300、300"


def main():
    pids = first_allowed()
    if "--how" in sys.argv:
        print("在这台机器上，三个 PID 是", "刚刚试出来的" if pids else "书里的记录")
    else:
        print(f"先后三个进程的 PID：{pids or RECORDED}", end="")
        print("（不许建 PID 命名空间的机器上，这是书里的记录）")


def first_allowed():
    for command in NAMESPACES:
        argv = [*command, sys.executable, __file__, "inside"]
        try:
            done = subprocess.run(argv, capture_output=True, encoding="utf-8")
        except FileNotFoundError:    # 没有 unshare（软件包 util-linux）
            return None
        if done.returncode == 0:
            return done.stdout.strip()
    return None


def inside():
    pids = []
    for _ in range(3):
        with open("/proc/sys/kernel/ns_last_pid", "w") as last:
            last.write("299")                        # 内核从 300 开始找空着的号码
        pids.append(start_and_reap())
    print(*pids, sep="、")


def start_and_reap():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


if __name__ == "__main__":
    inside() if "inside" in sys.argv else main()
