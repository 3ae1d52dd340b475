"""正确：把计算交给另一个进程，事件循环接着照看别的客户端。

运行：  python code/day10/compute_fixed.py
局限：  参数和结果要在进程之间复制；很短的计算不值得。
"""
import asyncio
import concurrent.futures
import multiprocessing
import time


def main():
    print("计算的时候，另一个客户端最久等了", "超过" if asyncio.run(measure()) > 0.5 else "不到", "0.5 秒")


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
    while True:  # 每 10 毫秒问一次，记下多等了多久
        begun = time.perf_counter()
        await asyncio.sleep(0.01)
        waits.append(time.perf_counter() - begun - 0.01)


async def handle():
    spawn = multiprocessing.get_context("spawn")
    pool = concurrent.futures.ProcessPoolExecutor(1, spawn)
    await asyncio.get_running_loop().run_in_executor(pool, compute)
    pool.shutdown(wait=False)                         # 等它结束也会挡住事件循环


def compute():
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        pass


if __name__ == "__main__":
    main()
