"""Do something soon after it was asked for, but not too often."""

import asyncio

BURST = 3


class Throttle:
    """Runs `action` in the event loop of the thread that made it, on average at most every `interval` seconds.

    Up to BURST requests after a pause are served after `gather` seconds each: what a human does is shown at once,
    a message together with its echo. Outside of an event loop nothing ever runs.
    """

    def __init__(self, action, interval=0.1, gather=0.005):
        self._action, self._interval, self._gather = action, interval, gather
        self._asked, self._next, self._later = False, 0, None
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None

    def ask(self):
        """Ask for the action; from any thread, as often as one likes."""
        if self._loop and not self._asked:
            self._asked = True
            try:
                self._loop.call_soon_threadsafe(self._plan)
            except RuntimeError:  # the loop is closed: the kernel ends
                self._loop = None

    def after(self, delay, action):
        """Call action() in the loop after `delay` seconds; returns what has cancel(), None without a loop."""
        return self._loop.call_later(delay, action) if self._loop else None

    def stop(self):
        """Never run again."""
        self._loop = None
        if self._later:
            self._later.cancel()

    def _plan(self):
        if self._loop:
            wait = max(self._gather, self._next - self._loop.time())
            self._later = self._loop.call_later(wait, self._run)

    def _run(self):
        self._asked = False
        self._next = max(self._next, self._loop.time() - (BURST - 1) * self._interval) + self._interval
        self._action()
