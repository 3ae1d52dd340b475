"""How wide text will be. The reader's browser chooses the font, so these are cautious estimates."""

import re
import unicodedata

from iolab.draw.plan import Text


def width(text, size):
    """The estimated width of a line in picture units."""
    return size * sum(map(_em, text))


def _em(char):
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    if char.isupper() or char in "mw@%+=<>":
        return 0.68
    return 0.34 if char in " .,:;!|()[]'ijlt" else 0.57


def lines(x, middle, text, size=12, **style):
    """Text shapes for a text of several lines, centred on `middle`."""
    rows = text.split("\n")
    step = size * 1.25
    first = middle - step * (len(rows) - 1) / 2 + size * 0.36
    return tuple(Text(x, first + step * number, row, size, **style) for number, row in enumerate(rows))


def one_line(words):
    """The text without its line breaks; only between two words in Latin letters a space stands for one."""
    return re.sub(r"(?<=[!-~])\n(?=[!-~])", " ", words).replace("\n", "")


def extent(text, size):
    """(width, height) of a text of several lines."""
    rows = text.split("\n")
    return max(width(row, size) for row in rows), size * 1.25 * len(rows)
