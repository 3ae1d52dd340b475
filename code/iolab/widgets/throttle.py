"""Do something soon after it was asked for, but not too often."""

import asyncio


class Throttle:
    """Runs `action` in the event loop of the thread that made it, at most every `interval` seconds.

    The first request after a pause is served at once. Outside of an event loop nothing ever runs.
    """

    def __init__(self, action, interval=0.1):
        self._action, self._interval = action, interval
        self._asked, self._last, self._later = False, 0, None
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
            self._later = self._loop.call_later(max(0, self._last + self._interval - self._loop.time()), self._run)

    def _run(self):
        self._asked = False
        self._action()
        if self._loop:
            self._last = self._loop.time()
