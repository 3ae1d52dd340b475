"""asyncio 服务器：写法像多线程，每个客户端一个协程，底下是同一个 epoll。

运行：  python code/day10/asyncio_server.py --port 9000
局限：  协程里一个阻塞的调用，所有客户端都要等；每个连接占的内存比直接用 epoll 多。
"""
import argparse
import asyncio
import socket
import sys


async def main(host="127.0.0.1", port=9000):
    asyncio.get_running_loop().set_exception_handler(report)
    server = await asyncio.start_server(serve, sock=listen(host, port), backlog=1024)
    print("listening on %s:%d" % server.sockets[0].getsockname(), flush=True)
    try:
        await asyncio.get_running_loop().create_future()  # 一直等，直到 Ctrl-C 取消
    finally:
        server.close()  # 不等 wait_closed：3.12 起它要等每个客户端自己离开


async def serve(reader, writer):
    try:
        await echo(reader, writer)
    except (OSError, asyncio.CancelledError):
        pass  # 连接被重置，或者服务器停止：只影响这一个客户端
    finally:
        writer.close()                                # 欠的字节由事件循环交完


async def echo(reader, writer):
    # 等的时候，事件循环去照看别的客户端
    while data := await reader.read(65536):
        writer.write(data)                            # 只放进缓冲区，不等
        await writer.drain()  # 缓冲区太满就在这里等，也就不再收


def report(loop, context):  # 例如描述符用完：asyncio 停 1 秒再接受
    print(context["message"], context.get("exception", ""), flush=True)


def listen(host, port):
    listener = socket.create_server((host, port), backlog=1024)
    # 连接会继承：断电的客户端终会被发现
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # 连接会继承：短的回答立即发出
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setblocking(False)
    return listener


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="回声服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="监听的端口，0 由内核挑选")
    options = parser.parse_args()
    try:
        asyncio.run(main(options.host, options.port))
    except KeyboardInterrupt:
        print("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {options.host}:{options.port}：{error}")
