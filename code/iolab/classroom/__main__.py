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
    parser = argparse.ArgumentParser(prog="python -m iolab.classroom", description=__doc__.partition(":")[0])
    parser.add_argument("--host", default="127.0.0.1", help="where students are; 0.0.0.0 for the network")
    parser.add_argument("--port", type=int, default=0, help="of TCP and UDP; 0: the kernel chooses")
    parser.add_argument("--word", help="what they say first (default: six digits)")
    parser.add_argument("--echo", default="day10/asyncio_server.py", help="which server answers (default %(default)s)")
    parser.add_argument("--students", type=int, default=Limits.students, help="at most (default %(default)s)")
    parser.add_argument("--per-address", type=int, default=Limits.per_address,
                        help="at most from one address (default %(default)s); behind a JupyterHub all have the same")
    parser.add_argument("--rate", type=int, default=Limits.rate, help="bytes a second of each (default %(default)s)")
    parser.add_argument("--idle", type=float, default=Limits.idle, help="seconds of silence (default %(default)s)")
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
