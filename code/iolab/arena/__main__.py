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
try:
    if options.free_threaded:
        let_in(options.free_threaded)
except ValueError as error:
    parser.error(f"--free-threaded: {error}")
for option, named, there in (("courses", options.courses, names.split(",")),
                             ("contenders", options.contenders or (), [*CONTENDERS, *LEFT_OUT])):
    if unknown := [name for name in named if name not in there]:
        parser.error(f"--{option}: there is no {', '.join(unknown)}, only {', '.join(there)}")
courses = [replace(course, repeats=options.repeats or course.repeats, contenders=tuple(
               name for name in course.contenders if not options.contenders or name in options.contenders))
           for course in COURSES if course.name in options.courses]
rows = tournament(courses, options.seconds, say)
left_out = {name: why for name, why in LEFT_OUT.items() if any(name in course.contenders for course in courses)}
for name, why in left_out.items():
    say(f"{name} was left out: {why}")
say("a file both ways")
transfers, memory = transfer(options.file_mib << 20, options.pairs)
head = {"machine": machine(), "left_out": left_out, "seconds": options.seconds,
        "command": "python -m iolab.arena > book/traces/arena.json",
        "file_mib": options.file_mib, "pairs": options.pairs, "file_server_peak_bytes": memory}
print(json.dumps(head, ensure_ascii=False, indent=1)[:-2], f',\n "transfers": {lines(transfers)}',
      f',\n "rows": {lines(rows)}\n}}', sep="")
