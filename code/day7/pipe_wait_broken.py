"""失败：先等子进程结束，再读它的输出。输出比管道装得下的多，两边互相等。

运行：  python code/day7/pipe_wait_broken.py
局限：  真的程序不写 timeout，就永远停在那里；这里只等 1 秒。
"""
import array
import fcntl
import subprocess
import termios


def main():
    command = ["head", "-c", "100000", "/dev/zero"]   # 打印 100000 个字节
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        try:
            print("得到", len(collect(child)), "字节，退出码", child.returncode)
        except subprocess.TimeoutExpired:
            print("1 秒过去，子进程没有结束", end="，")
            print("管道里有", inside(child.stdout), "字节")
            child.kill()


def collect(child):
    child.wait(timeout=1)                             # 等它结束
    return child.stdout.read()


def inside(pipe):
    """管道里还有多少字节没有读。"""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


if __name__ == "__main__":
    main()
