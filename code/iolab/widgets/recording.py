"""`record(kind)`: what the kernel really did, drawn like the book's pictures."""

from iolab import watch
from iolab.draw import to_html


class Recording:
    """A recording as a notebook shows it: text/plain names the states in their order, text/html draws them in time.

    order: {label: [state, …]}, equal for every recording of a kind. Two recordings differ in their times, so a cell
    that shows one made on the spot is not compared; compare its order.
    """

    def __init__(self, trace):
        self.trace, self.order = trace, trace.order

    def __repr__(self):
        lanes = [f"{label}：{' → '.join(states)}" for label, states in self.order.items()]
        return "\n".join([self.trace.title, *lanes, f"{self.trace.kernel}，Python {self.trace.python}"])

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": to_html(watch.picture(self.trace))}


def record(kind):
    """Record `kind` on this machine, within some seconds, and return the Recording; play(kind) shows the book's own.

    Raises LookupError for an unknown kind and iolab.watch.WatchError where the kernel cannot be watched.
    """
    return Recording(watch.record(kind))
