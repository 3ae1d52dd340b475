"""A table as text for a terminal."""

import unicodedata


def columns(rows):
    """Return a line for each row (strings, as many in each), its cells below each other, Chinese counted two wide."""
    widths = [max(map(width, cells)) for cells in zip(*rows, strict=True)]
    return ["  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
            for row in rows]


def width(text):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
