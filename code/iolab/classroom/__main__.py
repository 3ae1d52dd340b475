"""Open the chat room and the echo server to a class: python -m iolab.classroom --host 0.0.0.0 --word WORD."""

import argparse
import asyncio
import secrets
import sys

from iolab.classroom import room
from iolab.classroom.limits import Limits
from iolab.launch import ScriptError, ScriptNotFound


def redraw(text):
    """Clear the terminal, and print: names are letters and digits, no control characters come with them."""
    print(f"\x1b[2J\x1b[H{text}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="python -m iolab.classroom", description="把聊天室和回声服务器开给一个班。")
    parser.add_argument("--host", default="127.0.0.1", help="学生在哪里；0.0.0.0 是同一个网络（默认只有这台机器）")
    parser.add_argument("--port", type=int, default=0, help="TCP 和 UDP 的端口；0 由内核挑（默认 %(default)s）")
    parser.add_argument("--word", help="进来先说的暗号（默认抽六个数字）")
    parser.add_argument("--echo", default="day10/asyncio_server.py", help="哪一个回声服务器（默认 %(default)s）")
    parser.add_argument("--students", type=int, default=Limits.students, help="最多几个人（默认 %(default)s）")
    parser.add_argument("--per-address", type=int, default=Limits.per_address,
                        help="一个地址最多几个（默认 %(default)s）；在 JupyterHub 上，全班是同一个地址")
    parser.add_argument("--rate", type=int, default=Limits.rate, help="每个人每秒多少字节（默认 %(default)s）")
    parser.add_argument("--idle", type=float, default=Limits.idle, help="多少秒不说话算走了（默认 %(default)s）")
    options = parser.parse_args()
    word = options.word or f"{secrets.randbelow(10**6):06}"
    if not options.host:
        sys.exit("--host 后面要有地址：127.0.0.1 是这台机器，0.0.0.0 是它所在的网络。")
    try:
        limits = Limits(students=options.students, per_address=options.per_address, rate=options.rate,
                        idle=options.idle)
        ended = asyncio.run(room.open_room(options.host, options.port, word, limits, options.echo,
                                           lambda text: print(text, flush=True),
                                           redraw if sys.stdout.isatty() else None))
    except (OSError, OverflowError) as error:
        sys.exit(f"课堂 {options.host}:{options.port} 开不了：{error}")
    except (ValueError, ScriptError, ScriptNotFound) as error:
        sys.exit(str(error))
    if not ended:
        sys.exit("书里的服务器自己结束了，课堂跟着关了。再开一次。")


if __name__ == "__main__":
    main()
