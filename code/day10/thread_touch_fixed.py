"""改正：别的线程把调用交给事件循环，由循环自己的线程去动队列。

运行：  python code/day10/thread_touch_fixed.py
"""
import asyncio
import threading
import time


async def main():
    queue, loop = asyncio.Queue(), asyncio.get_running_loop()
    thread = threading.Thread(target=produce, args=(queue, loop))
    heart = asyncio.create_task(asyncio.sleep(1))     # 循环下一次自己醒来
    thread.start()
    put = await queue.get()
    waited = time.monotonic() - put
    how_long = "0.5 秒以上" if waited > 0.5 else "不到 0.5 秒"
    print("东西放进去以后，过了", how_long, "才取到")
    heart.cancel()
    thread.join()


def produce(queue, loop):
    time.sleep(0.2)                                   # 别的线程里的活
    loop.call_soon_threadsafe(queue.put_nowait, time.monotonic())


if __name__ == "__main__":
    asyncio.run(main())
