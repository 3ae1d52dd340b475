"""day10/asyncio_server.py whose event loop asks recv for 64 KiB, as the other servers do, instead of 256.

Run:  python code/iolab/arena/asyncio_64k_server.py --port 9000
"""

import asyncio.selector_events
import runpy
from pathlib import Path

asyncio.selector_events._SelectorSocketTransport.max_size = 65536  # CPython has no public name for it
runpy.run_path(str(Path(__file__).resolve().parents[2] / "day10/asyncio_server.py"), run_name="__main__")
