"""进程对象的属性：name、pid、is_alive、exitcode、daemon。

运行：  python code/day7/process_attr.py
"""
import multiprocessing


def main():
    stop = multiprocessing.Event()
    process = multiprocessing.Process(target=work, args=(stop,), name="搬运工")
    show("start 以前", process)
    process.daemon = True                             # 必须在 start 之前
    process.start()
    show("start 以后", process)
    try:
        process.daemon = False
    except AssertionError as error:
        print("start 以后再设置 daemon：", error)
    print("join(0.1) 返回", process.join(0.1), "，等到了没有，它不说")
    show("join 以后", process)
    stop.set()
    process.join()
    show("结束以后", process)


def show(when, process):
    alive = "活着" if process.is_alive() else "没有活着"
    pid = "有" if process.pid else "没有"
    print(f"{when}：{process.name}，{pid} PID，{alive}，退出码 {process.exitcode}")


def work(stop):
    stop.wait()                                       # 等父进程的通知


if __name__ == "__main__":
    main()
