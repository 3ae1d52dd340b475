"""Coroutines in tests: playwright keeps a loop in the main thread of a whole session, so they run in another."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_apart(coroutine, loop_factory=None):
    """asyncio.run(coroutine) in a thread of its own; return its value or raise its exception."""
    def run():
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(coroutine)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()
