"""父子各有自己的 PID；程序、命令行是同一个。

运行：  python code/day5/get_pid.py
"""
import os


def main():
    mine, r, w = os.getpid(), *os.pipe()
    me = identity()
    pid = os.fork()
    if pid == 0:
        answers = (
            ("getpid() 变了", os.getpid() != mine),
            ("getppid() 是父进程的 getpid()", os.getppid() == mine),
            ("执行的程序、命令行、代码映射的文件和地址和父进程相同", identity() == me),
        )
        os.write(w, "\n".join(f"子进程：{what}：{answer}" for what, answer in answers).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    print(os.read(r, 4096).decode())
    print("父进程：fork 的返回值不是自己的 PID：", pid != os.getpid())


def identity():
    with open("/proc/self/cmdline") as cmdline, open("/proc/self/maps") as maps:
        code = [line.split()[:1] + line.split()[2:5] for line in maps if " r-xp " in line]  # 地址、偏移、设备、inode
        return os.readlink("/proc/self/exe"), cmdline.read(), code


if __name__ == "__main__":
    main()
