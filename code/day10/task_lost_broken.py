"""失败：任务交给后台就不管了，其中一个失败，没有人知道。

运行：  python code/day10/task_lost_broken.py
局限：  错误最后会写进日志；这里把日志关掉，就当没有人看。
"""
import asyncio
import logging

BOOK = []


async def main():
    logging.disable()
    await accept_all([1, 2, 3])
    print("账本里有", sorted(BOOK))


async def accept_all(orders):
    tasks = [asyncio.create_task(save(order)) for order in orders]
    await asyncio.sleep(0.5)                          # 去忙别的
    print(len(tasks), "笔都已交给后台，没有报错")


async def save(order):
    await asyncio.sleep(0.01 * order ** 3)            # 假装在写数据库，一笔比一笔久
    if order == 2:
        raise ConnectionError("数据库断开了")
    BOOK.append(order)


if __name__ == "__main__":
    asyncio.run(main())
