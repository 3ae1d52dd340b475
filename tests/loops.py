"""Coroutines in tests: playwright keeps a loop in the main thread of a whole session, so they run in another.

Those that are about times run on a clock that nobody waits for.
"""

import asyncio
import selectors
from concurrent.futures import ThreadPoolExecutor


def run_apart(coroutine, loop_factory=None):
    """asyncio.run(coroutine) in a thread of its own; return its value or raise its exception."""
    def run():
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(coroutine)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


class Clock(selectors.SelectSelector):
    """A selector that does not wait: the time that it would have waited is over at once, and is added to `now`."""

    now = 0.0

    def select(self, timeout=None):
        self.now += max(timeout or 0, 0)
        return super().select(0)

    def loop(self):
        """A new event loop whose time this is."""
        made = asyncio.SelectorEventLoop(self)
        made.time = lambda: self.now
        return made
