"""A generator of lines over a buffered file, and a deque for the last ones."""
import os
import sys
import time


def grown(path):
    """Each whole line, or None where there is nothing to do but to wait."""
    file, half = None, b""
    while True:
        if file is None:
            try:
                file = open(path, "rb")
            except OSError:
                yield None
                continue
            if LAST:
                skip(file, LAST.pop())
        line = half + file.readline()
        if line.endswith(b"\n"):
            half = b""
            yield line
            continue
        half = line
        yield None
        if os.stat(file.fileno()).st_size < file.tell():
            file.seek(0)
            half = b""
        try:
            new = os.stat(path).st_ino
        except OSError:
            continue
        if new != os.stat(file.fileno()).st_ino:
            for line in file:
                yield line
            file, half = None, b""


def skip(file, count):
    size = file.seek(0, 2)
    reach = 1000
    while True:
        file.seek(max(0, size - reach))
        found = file.read()
        if found.count(b"\n") > count or reach >= size:
            break
        reach *= 10
    at = len(found)
    for _ in range(count + 1):
        at = found.rfind(b"\n", 0, at)
        if at < 0:
            break
    file.seek(size - len(found) + at + 1)


words = sys.argv[1:]
LAST = []
if words[0] == "-n":
    LAST.append(int(words[1]))
    words = words[2:]
try:
    for line in grown(words[0]):
        if line is None:
            sys.stdout.buffer.flush()
            time.sleep(0.03)
        else:
            sys.stdout.buffer.write(line)
except BrokenPipeError:
    os._exit(1)
