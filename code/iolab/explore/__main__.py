"""List the levels, a line each; print the shortest bad path of those that are named, or let real threads take it."""

import argparse
import sys

from iolab import explore
from iolab.explore.replay import ReplayError, replay
from iolab.explore.text import counts, listing


def main():
    parser = argparse.ArgumentParser(prog="python -m iolab.explore", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--replay", action="store_true", help="take the shortest bad path with real threads or sockets")
    options = parser.parse_args()
    try:
        levels = [explore.load(name) for name in options.names or explore.names()]
        for level in levels:
            show(level, options)
    except (LookupError, ReplayError) as error:
        return error.args[0]
    return 0


def show(level, options):
    if options.replay:
        done = replay(level.broken, [move.key for move in level.broken.graph.shortest])
        print(f"{level.title}：", done, sep="\n")
    elif options.names:
        print(listing(level))
    else:
        print(f"{level.name:20} {level.title}：{counts(level.broken.graph)}")


if __name__ == "__main__":
    sys.exit(main())
