"""`level(name)`: a level of the book in a notebook."""

from iolab import explore
from iolab.draw import level_html
from iolab.explore.text import listing


class Explorer:
    """A level as a notebook shows it: text/plain has its counts and its shortest bad path, text/html walks it."""

    def __init__(self, level):
        self.level = level

    def __repr__(self):
        return listing(self.level)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": listing(self.level), "text/html": level_html(self.level)}


def level(name):
    """The level called `name` in iolab.explore. Raises LookupError, with names that are near, if there is none."""
    return Explorer(explore.load(name))
