"""失败：别的线程直接动事件循环的队列，循环睡着，不知道来了东西。

运行：  python code/day10/thread_touch_broken.py
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
    queue.put_nowait(time.monotonic())


if __name__ == "__main__":
    asyncio.run(main())
