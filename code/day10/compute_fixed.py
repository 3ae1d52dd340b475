"""正确：把计算交给另一个进程，事件循环接着照看别的客户端。

运行：  python code/day10/compute_fixed.py
局限：  参数和结果要在进程之间复制；很短的计算不值得。
"""
import asyncio
import concurrent.futures
import multiprocessing
import time


def main():
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, spawn) as pool:  # 进程池只建一次
        longest = asyncio.run(measure(pool))
    print("计算的时候，另一个客户端晚醒",
          "超过" if longest > 0.5 else "不到", "0.5 秒")


async def measure(pool):
    waits = []
    async with asyncio.timeout(60):
        other = asyncio.create_task(client(waits))
        await asyncio.sleep(0.05)
        await handle(pool)
        await asyncio.sleep(0.05)
    other.cancel()
    return max(waits)


async def client(waits):
    while True:  # 每 10 毫秒醒一次，记下晚醒了多久
        begun = time.perf_counter()
        await asyncio.sleep(0.01)
        waits.append(time.perf_counter() - begun - 0.01)


async def handle(pool):
    await asyncio.get_running_loop().run_in_executor(pool, compute)


def compute():
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        pass


if __name__ == "__main__":
    main()
