"""Build the Linux that runs in the page: python -m iolab.machine OUT --project . --packages .venv/live-packages.

OUT: the folder that the book takes it from (book/_static/machine). --cache: where downloads are kept. --lock: renew
lock.json from what Debian and npm offer now, and build nothing.
"""

import argparse
import json
import sys
from pathlib import Path

from iolab.machine import build, debian, npm

UNAVAILABLE = 3  # exit status: what it is made of cannot be had here; the recipe is not at fault


def main():
    parser = argparse.ArgumentParser(prog="python -m iolab.machine", description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--project", type=Path, default=Path())
    parser.add_argument("--packages", type=Path, default=Path(".venv/live-packages"))
    parser.add_argument("--cache", type=Path, default=Path(".venv/machine"))
    parser.add_argument("--lock", action="store_true")
    arguments = parser.parse_args()
    cache = arguments.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    try:
        if arguments.lock:
            locked = {"debian": debian.lock(cache / "apt"), "npm": npm.lock(cache)}
            build.LOCK.write_text(json.dumps(locked, indent=1) + "\n", encoding="utf-8")
            return print(f"{len(locked['debian'])} packages of Debian and {len(locked['npm'])} of npm: {build.LOCK}")
        made = build.build(arguments.project.resolve(), arguments.out.resolve(), arguments.packages.resolve(), cache)
    except debian.Missing as missing:
        print(missing, file=sys.stderr)
        sys.exit(UNAVAILABLE)
    for name, size in (made or {}).items():
        print(f"{size / 1e6:8.2f} MB  {name}")
    return print(f"The Linux in the page: {arguments.out}" + ("" if made else " (nothing has changed)"))


if __name__ == "__main__":
    main()
