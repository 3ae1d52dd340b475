"""day10/asyncio_server.py whose event loop asks recv for 64 KiB, as the other servers do, instead of 256.

Run:  python code/iolab/arena/asyncio_64k_server.py --port 9000
"""

import asyncio.selector_events
import runpy
import sys
from pathlib import Path

transport = asyncio.selector_events._SelectorSocketTransport  # CPython has no public name for it
if transport.max_size != 256 * 1024:
    sys.exit(f"asyncio asks recv for {transport.max_size} bytes in Python {sys.version}: look at what this changes")
transport.max_size = 64 * 1024
runpy.run_path(str(Path(__file__).resolve().parents[2] / "day10/asyncio_server.py"), run_name="__main__")
