"""python -m iolab.explore: all levels, a line each. python -m iolab.explore NAME: the shortest bad path of that one."""

import sys

from iolab import explore
from iolab.explore.text import counts, listing


def main(names):
    try:
        levels = [explore.load(name) for name in names or explore.names()]
    except LookupError as error:
        return error.args[0]
    for level in levels:
        if names:
            print(listing(level))
        else:
            print(f"{level.name:20} {level.title}：{counts(level.broken.graph)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
