"""线程对象的属性：名字、编号、是否活着、是否守护线程。

运行：  python code/day8/thread_attr.py
局限：  旧的 setName、getName、setDaemon、isDaemon 从 3.10 起不再推荐。
"""
import threading


def main():
    go = threading.Event()
    t = threading.Thread(target=go.wait, name="下载", daemon=True)
    print("启动前：", describe(t))
    t.start()
    print("启动后：", describe(t))
    t.name = "下载-2"                                 # 名字可以重复，随时能改
    try:
        t.daemon = False                              # 启动以后再改就晚了
    except RuntimeError as error:
        print("改 daemon：", error)
    go.set()
    t.join()                                          # 守护线程一样可以 join
    print("结束后：", describe(t))
    print("主线程：", describe(threading.main_thread()))


def describe(t):
    return (f"name={t.name} is_alive={t.is_alive()} daemon={t.daemon}"
            f" 有编号={t.native_id is not None}")


if __name__ == "__main__":
    main()
