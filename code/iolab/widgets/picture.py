"""`play(name)`: a picture of the book in a notebook."""

from iolab import diagrams, watch, words
from iolab.draw import listing, to_html
from iolab.widgets.recording import Recording


class Picture:
    """A scene as a notebook shows it: text/plain lists its steps, text/html plays them."""

    def __init__(self, scene):
        self.scene = scene

    def __repr__(self):
        return listing(self.scene)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": listing(self.scene), "text/html": to_html(self.scene)}


def play(name):
    """The picture called `name` in iolab.diagrams, or the recording of that name that ships with the book.

    Raises LookupError, with names that are near, if there is none.
    """
    if name in watch.KINDS:
        return Recording(words.said_anew(watch.shipped(name), "watch"))
    return Picture(diagrams.load(name))
