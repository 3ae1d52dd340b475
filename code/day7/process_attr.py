"""进程对象的属性：name、pid、is_alive、exitcode、daemon。

运行：  python code/day7/process_attr.py
"""
import multiprocessing


def main():
    stop = multiprocessing.Event()
    process = multiprocessing.Process(target=work, args=(stop,), name="搬运工")
    print("名字", process.name, "，PID", process.pid, "，活着：", process.is_alive(), "，daemon：", process.daemon)
    process.daemon = True                             # 必须在 start 之前
    process.start()
    print("start 以后：有 PID：", process.pid > 0, "，活着：", process.is_alive(), "，退出码", process.exitcode)
    try:
        process.daemon = False
    except AssertionError as error:
        print("start 以后再设置 daemon：", error)
    print("join(0.1) 返回", process.join(0.1), "，它没有说等到了没有，要问 is_alive：", process.is_alive())
    stop.set()
    process.join()
    print("结束以后：活着：", process.is_alive(), "，退出码", process.exitcode)


def work(stop):
    stop.wait()                                       # 等父进程的通知


if __name__ == "__main__":
    main()
