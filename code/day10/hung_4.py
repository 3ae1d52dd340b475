"""会停住的服务器之四：下单。发来一行，厨房做好了就回答 ok。

运行：  python code/day10/hung_4.py --port 9000
局限：  故意有毛病。SIGUSR2 让它打印每个任务停在哪一行。
"""
import asyncio
import contextlib
import faulthandler
import signal
import sys

from hung_common import MOST, address, listen, log, options

LEAVE = OSError, ValueError, asyncio.CancelledError   # 3.11 为取消报错

async def main(host, port):
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR2, print_tasks)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await asyncio.start_server(serve, sock=listen(host, port), limit=MOST)
    print("listening on", address(server.sockets[0].getsockname()), flush=True)
    await stop.wait()
    server.close()


async def serve(reader, writer):
    with contextlib.suppress(*LEAVE), contextlib.closing(writer):
        while await reader.readline():
            await order()
            writer.write(b"ok\n")
            await writer.drain()


async def order():
    ready = asyncio.Event()
    cook(ready)
    await ready.wait()


async def cook(ready):
    await asyncio.sleep(0.01)
    ready.set()


def print_tasks():
    for task in asyncio.all_tasks():
        task.print_stack()


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)
    where = options()
    try:
        asyncio.run(main(*where))
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address(where)}：{error}")
