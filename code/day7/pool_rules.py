"""close 和 join 的规矩：join 之前必须 close；close 以后不能再加任务，已有的继续做。

运行：  python code/day7/pool_rules.py
"""
import multiprocessing


def main():
    with multiprocessing.Manager() as manager:
        gate = manager.Event()
        pool = multiprocessing.Pool(1)
        result = pool.apply_async(wait_for, (gate,))
        try:
            pool.join()
        except ValueError as error:
            print("没有 close 就 join：", error)
        pool.close()
        print("刚 close，任务", "做完了" if result.ready() else "还在做")
        try:
            pool.apply_async(wait_for, (gate,))
        except ValueError as error:
            print("close 以后再加任务：", error)
        gate.set()
        pool.join()
        print("join 以后：", result.get())


def wait_for(gate):
    gate.wait()
    return "任务做完了"


if __name__ == "__main__":
    main()
