"""Let all servers meet and print the result as JSON:  python -m iolab.arena > book/traces/arena.json"""

import argparse
import json
import sys

from iolab.arena import CONTENDERS, compete, machine, transfer


def numbers(text):
    return tuple(int(number) for number in text.split(","))


def lines(found):
    """A JSON array of objects, one a line."""
    return "[\n  " + ",\n  ".join(json.dumps(one.to_dict(), ensure_ascii=False) for one in found) + "\n ]"


parser = argparse.ArgumentParser(prog="python -m iolab.arena", description="Measure all server models on one load.")
parser.add_argument("--contenders", type=lambda text: tuple(text.split(",")), default=tuple(CONTENDERS))
parser.add_argument("--active", type=numbers, default=(1, 10, 100), help="active clients (default 1,10,100)")
parser.add_argument("--idle", type=numbers, default=(0, 1000, 5000, 10000), help="idle connections beside them")
parser.add_argument("--seconds", type=float, default=1.0, help="of load in each meeting")
parser.add_argument("--repeats", type=int, default=3, help="meetings of each, all of which are recorded")
parser.add_argument("--file-mib", type=int, default=1024, help="size of the file that is moved both ways")
parser.add_argument("--pairs", type=int, default=9, help="times that it is moved, of which the median counts")
options = parser.parse_args()
rows = compete(options.contenders, options.active, options.idle, options.seconds, options.repeats,
               progress=lambda text: print(text, file=sys.stderr, flush=True))
print("a file both ways", file=sys.stderr, flush=True)
transfers, memory = transfer(options.file_mib << 20, options.pairs)
head = {"machine": machine(), "seconds": options.seconds, "repeats": options.repeats,
        "command": "python -m iolab.arena > book/traces/arena.json",
        "file_mib": options.file_mib, "pairs": options.pairs, "file_server_peak_bytes": memory}
print(json.dumps(head, ensure_ascii=False, indent=1)[:-2], f',\n "transfers": {lines(transfers)}',
      f',\n "rows": {lines(rows)}\n}}', sep="")
