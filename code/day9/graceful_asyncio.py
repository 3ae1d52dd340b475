"""asyncio 服务器的收场：不再接受，等各个任务做完手里的，期限到了就取消。

运行：  python code/day9/graceful_asyncio.py --port 9000，然后 kill 它
局限：  一个协程里有阻塞的调用，收场也要等它。
"""
import asyncio
import functools
import signal

from graceful_common import LONGEST, listen, no_more, run


async def main(host, port, work, limit):
    stop, tasks = asyncio.Event(), {}                 # 任务 → 它的连接
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    serving = functools.partial(serve, work=work, tasks=tasks)
    server = await asyncio.start_server(
        serving, sock=listen(host, port), limit=LONGEST)
    await stop.wait()
    await asyncio.sleep(0.05)                         # 已经在队列里的，先接进来
    server.close()
    return await drain(tasks, limit)


async def drain(tasks, limit):
    for conn in tasks.values():
        no_more(conn)
    if tasks:
        await asyncio.wait(tasks, timeout=limit)
        # Python 3.11 把取消也当作错误来报告
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    return len(tasks)                                 # asyncio.run 取消剩下的


async def serve(reader, writer, work, tasks):
    tasks[asyncio.current_task()] = writer.get_extra_info("socket")
    try:
        while (line := await reader.readline()).endswith(b"\n"):
            await asyncio.sleep(work)
            writer.write(line)
            await writer.drain()
        writer.close()
        await writer.wait_closed()                    # 等答案真的发出去
    except (OSError, ValueError):
        pass                                          # 连接重置，或者一行太长
    finally:
        writer.close()
        del tasks[asyncio.current_task()]


if __name__ == "__main__":
    run(lambda **options: asyncio.run(main(**options)))
