"""Look at the name and the size again and again: the reference solution."""
import argparse
import os
import sys
import time

PAUSE, BLOCK = 0.05, 65536


def main(path, count):
    out = sys.stdout.buffer
    file, rest = None, b""
    while True:
        if file is None:
            file = opened(path)
            if file and count is not None:
                file.seek(beginning(file, count))
            rest, count = b"", None
        elif replaced(file, path):
            rest = copy(file, rest, out)
            file.close()
            file = None
            continue
        if file:
            if os.fstat(file.fileno()).st_size < file.tell():
                file.seek(0)
                rest = b""
            rest = copy(file, rest, out)
        time.sleep(PAUSE)


def opened(path):
    try:
        return open(path, "rb", buffering=0)
    except FileNotFoundError:
        return None


def replaced(file, path):
    try:
        now = os.stat(path)
    except FileNotFoundError:
        return False
    return not os.path.samestat(now, os.fstat(file.fileno()))


def copy(file, rest, out):
    while data := file.read(BLOCK):
        whole, newline, rest = (rest + data).rpartition(b"\n")
        out.write(whole + newline)
        out.flush()
    return rest


def beginning(file, count):
    """Offset of the last `count` whole lines."""
    at, newlines = file.seek(0, os.SEEK_END), 0
    while at > 0:
        size = min(BLOCK, at)
        at -= size
        block = os.pread(file.fileno(), size, at)
        place = size
        while (place := block.rfind(b"\n", 0, place)) >= 0:
            newlines += 1
            if newlines > count:
                return at + place + 1
    return 0


parser = argparse.ArgumentParser()
parser.add_argument("-n", dest="count", type=int)
parser.add_argument("path")
try:
    main(**vars(parser.parse_args()))
except BrokenPipeError:
    os._exit(0)
