"""Look at the kernel's tables again and again until they show what was provoked."""

import time

from iolab.watch.trace import Lane, Span

PERIOD = 0.005
SAMPLES = 20
TIMEOUT = 15


class WatchError(RuntimeError):
    """The kernel did not show the state that was provoked, or cannot be watched here."""


class Sampler:
    """Samples look() (label -> state, None: not there) every 5 ms and keeps every state that it sees."""

    def __init__(self, labels, look):
        self._look, self._spans = look, {label: [] for label in labels}
        self._now = dict.fromkeys(labels)
        self._began = time.monotonic()

    def hold(self, cause, **expected):
        """Sample until the lanes named in `expected` have shown these states 20 times in succession.

        A state that begins meanwhile gets `cause`. Raises WatchError when they do not show within 15 seconds.
        """
        deadline, agreed = time.monotonic() + TIMEOUT, 0
        while agreed < SAMPLES:
            if time.monotonic() > deadline:
                raise WatchError(f"{cause}：等了 {TIMEOUT} 秒，应该看到 {expected}，内核显示的却是 {self._now}。")
            self._sample(cause)
            agreed = agreed + 1 if expected.items() <= self._now.items() else 0
            time.sleep(PERIOD)

    def _sample(self, cause):
        states, now = self._look(), round(time.monotonic() - self._began, 3)
        for label, state in states.items():
            spans = self._spans[label]
            if spans and (self._now[label] is not None):
                spans[-1][1] = max(now, spans[-1][0] + 0.001)
            if state is not None and state != self._now[label]:
                start = max(now, spans[-1][1] if spans else 0)
                spans.append([start, start + 0.001, state, cause])
            self._now[label] = state

    def lanes(self):
        """What was seen, as a tuple of Lane."""
        return tuple(Lane(label, tuple(Span(round(start, 3), round(end, 3), state, cause)
                                       for start, end, state, cause in spans))
                     for label, spans in self._spans.items())
