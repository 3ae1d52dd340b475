"""`plot(kind, title, rows)`: numbers that a page has measured or loaded, drawn like the book's pictures."""

from iolab.model import Bars, Timeline
from iolab.widgets.picture import Picture

KINDS = {"bars": Bars, "timeline": Timeline}


def plot(kind, title, rows, notes=(), **options):
    """A Picture of `rows`, a dict or pairs: label -> for "bars" (bar, value) pairs, for "timeline" (start, end, state).

    options: unit="s" of bars. Raises LookupError for another kind, SceneError for rows that contradict themselves.
    """
    if kind not in KINDS:
        raise LookupError(f"不会画 {kind!r}，会画：{'、'.join(KINDS)}。")
    rows = rows.items() if isinstance(rows, dict) else rows
    frozen = tuple((label, tuple(tuple(item) for item in items)) for label, items in rows)
    return Picture(KINDS[kind](f"plot-{kind}", title, frozen, notes=tuple(notes), **options))
