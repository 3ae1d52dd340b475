"""失败：在事件循环里直接计算，别的客户端全部停下来等。

运行：  python code/day10/compute_broken.py
"""
import asyncio
import time


def main():
    longest = asyncio.run(measure())
    print("计算的时候，另一个客户端晚醒",
          "超过" if longest > 0.5 else "不到", "0.5 秒")


async def measure():
    waits = []
    async with asyncio.timeout(60):
        other = asyncio.create_task(client(waits))
        await asyncio.sleep(0.05)
        await handle()
        await asyncio.sleep(0.05)
    other.cancel()
    return max(waits)


async def client(waits):
    while True:  # 每 10 毫秒醒一次，记下晚醒了多久
        begun = time.perf_counter()
        await asyncio.sleep(0.01)
        waits.append(time.perf_counter() - begun - 0.01)


async def handle():
    compute()  # 算完之前，事件循环什么也做不了


def compute():
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        pass


if __name__ == "__main__":
    main()
