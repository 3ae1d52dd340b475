"""三种启动方法：fork 复制父进程，spawn 和 forkserver 从头开始、再次导入这个文件。

运行：  python code/day6/start_methods.py
"""
import multiprocessing

state = "最初的值"
print("顶层代码执行了，__name__ 是", __name__, flush=True)


def main():
    global state
    state = "父进程改过的值"
    for method in ("fork", "spawn", "forkserver"):
        print(f"—— {method}", flush=True)
        process = multiprocessing.get_context(method).Process(target=work)
        process.start()
        process.join()


def work():
    print("子进程看到", state)


if __name__ == "__main__":    # 在 spawn 和 forkserver 的子进程里是 "__mp_main__"
    main()
