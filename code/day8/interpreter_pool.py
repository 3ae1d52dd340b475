"""一个进程，两个解释器：各有各的 GIL，各有各的模块和全局变量。

运行：  python code/day8/interpreter_pool.py
局限：  要 Python 3.14 或更新。
"""
import threading

try:
    from concurrent.futures import InterpreterPoolExecutor
except ImportError:
    InterpreterPoolExecutor = None

visits = 0


def main():
    if InterpreterPoolExecutor is None:
        print("InterpreterPoolExecutor 是 3.14 才有的，这个 Python 没有。")
        return
    with InterpreterPoolExecutor(max_workers=1) as pool:
        print("它数到", [pool.submit(visit).result() for _ in range(3)])
        print("这里的 visits：", visits)
        for thing in ({"书": ["三体"]}, memoryview(b"abc"), threading.Lock()):
            answer = pool.submit(look, thing)
            name = type(thing).__name__
            print(f"送 {name}：", type(answer.exception()).__name__
                  if answer.exception() else answer.result())


def visit():
    global visits
    visits += 1
    return visits


def look(thing):
    return f"收到 {type(thing).__name__}，{len(thing)} 项"


if __name__ == "__main__":
    main()
