"""day10/epoll_server.py with one number changed: it asks recv for 256 KiB, as asyncio does, instead of 64.

Run:  python code/iolab/arena/epoll_256k_server.py --port 9000
"""

from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "day10/epoll_server.py"
before, number, after = SCRIPT.read_text(encoding="utf-8").partition("recv(65536)")
assert number, f"{SCRIPT} receives otherwise than this comparison says"
exec(compile(f"{before}recv(262144){after}", SCRIPT, "exec"))
