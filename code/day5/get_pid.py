"""父子各有自己的 PID；程序、命令行、代码是同一份。

运行：  python code/day5/get_pid.py
"""
import os


def main():
    mine, me = os.getpid(), identity()
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        parent = "我的父进程" if os.getppid() == mine else "别的进程"
        os.write(w, f"子进程的 getppid() 是{parent}\n".encode())
        for what, value in identity().items():
            both = {value, me[what]}                 # 相同的只留下一个
            os.write(w, f"{what}：父子两边有 {len(both)} 种\n".encode())
        os._exit(0)
    os.waitpid(pid, 0)
    print(os.read(r, 4096).decode(), end="")


def identity():
    with open("/proc/self/maps") as maps, open("/proc/self/cmdline") as cmdline:
        code = [line.split() for line in maps if " r-xp " in line]
        return {
            "PID": os.getpid(),
            "执行的程序": os.readlink("/proc/self/exe"),
            "命令行": cmdline.read(),
            "代码来自的文件和地址": str([(line[0], line[-1]) for line in code]),
        }


if __name__ == "__main__":
    main()
