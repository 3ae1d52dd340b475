"""multiprocessing 的基本流程：封装函数、创建对象、start、join。

运行：  python code/day6/process1.py
"""
import multiprocessing

n = 1


def main():
    global n
    process = multiprocessing.Process(target=work)    # 只是创建对象，还没有进程
    print("start 之前，PID 是", process.pid)
    process.start()    # 到这里才创建进程，work 开始执行
    n = 100
    process.join()    # 阻塞，直到子进程结束，并回收它
    print("父进程的 n 是", n, "，子进程的退出码是", process.exitcode)


def work():
    global n
    n += 1
    print("子进程的 n 是", n)                          # 父进程改的是自己的 n


if __name__ == "__main__":    # spawn 和 forkserver 会再次导入这个文件
    main()
