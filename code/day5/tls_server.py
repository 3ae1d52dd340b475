"""TLS 回声服务器：asyncio 管握手、期限和再见，程序里看到的只是明文。

运行：  python code/day5/tls_server.py --port 9000    （证书放在当前目录，没有就造）
局限：  自签的证书要亲手交给客户端；证书快到期时换新的，要重新启动。
"""
import argparse
import asyncio
import os
import signal
import socket
import ssl
import sys

from tls_common import certificate

QUIET = {}  # 一句话 → 到什么时候不再说：描述符用完时，asyncio 一秒报告上千次


async def main(host="127.0.0.1", port=9000, folder=".", patience=5.0):
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(report)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    context, listener = context_of(folder), listen(host, port)
    server = await asyncio.start_server(
        serve, sock=listener, backlog=1024,
        ssl=context, ssl_handshake_timeout=patience)
    print("listening on", address(listener.getsockname()), flush=True)
    await stop.wait()
    server.close()  # 不再接受；还在的客户端，由 asyncio.run 取消它们的任务


def context_of(folder):
    cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    if not (os.path.exists(cert) and os.path.exists(key)):
        certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


async def serve(reader, writer):
    try:
        await echo(reader, writer)
    except OSError:
        pass  # 连接被重置：只影响这一个客户端
    finally:
        writer.close()  # 客户端离开，或者被取消；欠的字节由事件循环交完


async def echo(reader, writer):
    # 等的时候，事件循环去照看别的客户端
    while data := await reader.read(65536):
        writer.write(data)                            # 只放进缓冲区，不等
        await writer.drain()  # 缓冲区太满就在这里等，也就不再收


def report(loop, context):
    error = context.get("exception", "")
    text = f"{context['message']} {error}"
    if isinstance(error, asyncio.CancelledError):
        return  # Python 3.11 把取消也当作错误来报告
    if loop.time() >= QUIET.get(text, 0):
        QUIET[text] = loop.time() + 1
        log(text)


def listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=1024)
    # 连接会继承：断电的客户端终会被发现
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # 连接会继承：短的回答立即发出
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setblocking(False)
    return listener


def address(name):
    host, port = name[:2]
    # IPv6 的地址要加方括号
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:                                   # 看记录的人走了，服务照常
        sys.stdout = None                             # 以后的 print 什么也不做


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="TLS 回声服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    parser.add_argument("--folder", default=".", help="证书在哪里")
    parser.add_argument("--patience", type=float, default=5, help="握手最多几秒")
    options = parser.parse_args()
    try:
        asyncio.run(main(**vars(options)))
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {address((options.host, options.port))}：{error}")
