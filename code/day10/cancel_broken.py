"""失败：重试的循环连取消也接住了，期限到了它照样重试。

运行：  python code/day10/cancel_broken.py
"""
import asyncio
import time


async def main():
    begun = time.monotonic()
    try:
        async with asyncio.timeout(0.15):
            await ask_again()
        print("没有超时")
    except TimeoutError:
        print("超时")
    used = time.monotonic() - begun
    print("期限 0.15 秒，用了", "0.8 秒以上" if used > 0.8 else "不到 0.8 秒")


async def ask_again():
    for _ in range(10):
        try:
            return await ask()
        except BaseException:                         # 取消也是一个 BaseException
            continue                                  # 再试一次


async def ask():
    await asyncio.sleep(0.1)
    raise ConnectionError("对方没有准备好")


if __name__ == "__main__":
    asyncio.run(main())
