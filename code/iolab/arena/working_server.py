"""A server of the book whose every answer costs computing: a loop in Python before the echo goes back.

Run:  python code/iolab/arena/working_server.py --serve day9/thread_server.py --loops 2000 --port 9000
"""

import argparse
import runpy
import socket
import sys
from pathlib import Path

CODE = Path(__file__).resolve().parents[2]


def working(loops, receive=socket.socket.recv):
    def recv(self, *args):
        data = receive(self, *args)
        if data:
            for _ in range(loops):
                pass
        return data

    return recv


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--serve", required=True, metavar="SCRIPT", help="below code/")
    parser.add_argument("--loops", type=int, required=True)
    options, rest = parser.parse_known_args()
    socket.socket.recv = working(options.loops)
    sys.argv = [options.serve, *rest]
    runpy.run_path(str(CODE / options.serve), run_name="__main__")
