"""Let all servers meet and print the result as JSON:  python -m iolab.arena > book/traces/arena.json"""

import argparse
import json
import sys

from iolab.arena import CONTENDERS, compete, machine


def numbers(text):
    return tuple(int(number) for number in text.split(","))


parser = argparse.ArgumentParser(prog="python -m iolab.arena", description="Measure all server models on one load.")
parser.add_argument("--contenders", type=lambda text: tuple(text.split(",")), default=tuple(CONTENDERS))
parser.add_argument("--active", type=numbers, default=(1, 10, 100), help="active clients (default 1,10,100)")
parser.add_argument("--idle", type=numbers, default=(0, 1000, 5000, 10000), help="idle connections beside them")
parser.add_argument("--seconds", type=float, default=1.0, help="of load in each meeting")
parser.add_argument("--repeats", type=int, default=3, help="meetings of each, of which the median counts")
options = parser.parse_args()
rows = compete(**vars(options), progress=lambda text: print(text, file=sys.stderr, flush=True))
head = {"machine": machine(), "seconds": options.seconds, "repeats": options.repeats,
        "command": "python -m iolab.arena > book/traces/arena.json"}
lines = ",\n".join("  " + json.dumps(row.to_dict(), ensure_ascii=False) for row in rows)
print(json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "rows": [\n' + lines + "\n ]\n}")
