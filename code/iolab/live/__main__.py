"""Serve a built book so that its cells run: python -m iolab.live HTML --bundle FOLDER. Ends with Ctrl-C, whole.

HTML: the folder that `make book` builds; --bundle: what .ci/bundle/bundle makes of the scripts in front/. --sources:
the folder that HTML was built from; a cell sees what stands beside its page there. --host: where to listen (127.0.0.1;
any other address lets the network in, behind the token); --port: 0 lets the kernel choose. The environment's BROWSER,
empty, opens no browser. Prints one line, `Live: URL`, when it serves.
"""

import argparse
import os
import sys
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(prog="python -m iolab.live", description=__doc__.partition("\n")[0])
    parser.add_argument("html", type=Path)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--sources", help="default: none")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="default: that of the last time, if it is free")
    arguments = parser.parse_args()
    if not (arguments.html / "index.html").exists():
        sys.exit(f"No book in {arguments.html}: run make book first.")
    if not (arguments.bundle / "main.js").exists():
        sys.exit(f"No scripts for the pages in {arguments.bundle}: .ci/bundle/bundle makes them.")
    from iolab.live.server import serve  # takes a second, and is not needed to say what is wrong

    serve(arguments.html.resolve(), arguments.bundle.resolve(), arguments.host, arguments.port,
          sources=arguments.sources or "", browser=os.environ.get("BROWSER") != "")


if __name__ == "__main__":
    main()
