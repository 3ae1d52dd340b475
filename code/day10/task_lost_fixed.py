"""改正：任务放进任务组，离开之前等它们都结束，失败了就在这里得到错误。

运行：  python code/day10/task_lost_fixed.py
局限：  一个失败，其余的会被取消；要让其余的做完，在 save 里接住错误。
"""
import asyncio
import logging

BOOK = []


async def main():
    logging.disable()
    await accept_all([1, 2, 3])
    print("账本里有", sorted(BOOK))


async def accept_all(orders):
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(save(order)) for order in orders]
        print(len(tasks), "笔都已做完，没有报错")
    except* ConnectionError as errors:
        print("没有全部做完：", *errors.exceptions)


async def save(order):
    await asyncio.sleep(0.01 * order ** 3)            # 假装在写数据库，一笔比一笔久
    if order == 2:
        raise ConnectionError("数据库断开了")
    BOOK.append(order)


if __name__ == "__main__":
    asyncio.run(main())
