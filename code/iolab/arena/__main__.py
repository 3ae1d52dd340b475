"""Let all servers meet and print the result as JSON:  python -m iolab.arena > book/traces/arena.json"""

import argparse
import json
import sys
from dataclasses import replace

from iolab.arena import CONTENDERS, COURSES, LEFT_OUT, let_in, machine, tournament, transfer


def lines(found):
    """A JSON array of objects, one a line."""
    return "[\n  " + ",\n  ".join(json.dumps(one.to_dict(), ensure_ascii=False) for one in found) + "\n ]"


def say(text):
    print(text, file=sys.stderr, flush=True)


def words(text):
    return tuple(text.split(","))


names = ",".join(course.name for course in COURSES)
parser = argparse.ArgumentParser(prog="python -m iolab.arena", description="Measure all server models on one load.")
parser.add_argument("--courses", type=words, default=words(names), help=f"questions to answer (default {names})")
parser.add_argument("--contenders", type=words, help="only these (default: all of each course)")
parser.add_argument("--seconds", type=float, default=0.5, help="of load in each meeting")
parser.add_argument("--repeats", type=int, help="meetings of each, all of which are recorded (default: each course's)")
parser.add_argument("--free-threaded", metavar="PYTHON", help="a Python without GIL, where PATH has none")
parser.add_argument("--file-mib", type=int, default=1024, help="size of the file that is moved both ways")
parser.add_argument("--pairs", type=int, default=9, help="times that it is moved, of which the median counts")
options = parser.parse_args()
if options.free_threaded:
    let_in(options.free_threaded)
courses = [replace(course, repeats=options.repeats or course.repeats,
                   contenders=tuple(name for name in course.contenders if name in (options.contenders or CONTENDERS)))
           for course in COURSES if course.name in options.courses]
for name, why in LEFT_OUT.items():
    say(f"{name} is left out: {why}")
rows = tournament(courses, options.seconds, say)
say("a file both ways")
transfers, memory = transfer(options.file_mib << 20, options.pairs)
head = {"machine": machine(), "left_out": LEFT_OUT, "seconds": options.seconds,
        "command": "python -m iolab.arena > book/traces/arena.json",
        "file_mib": options.file_mib, "pairs": options.pairs, "file_server_peak_bytes": memory}
print(json.dumps(head, ensure_ascii=False, indent=1)[:-2], f',\n "transfers": {lines(transfers)}',
      f',\n "rows": {lines(rows)}\n}}', sep="")
