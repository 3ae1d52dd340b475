"""`plot(kind, title, rows)`: numbers that a page has measured or loaded, drawn like the book's pictures."""

from iolab.model import Bars, Curves, Dots, Timeline
from iolab.widgets.picture import Picture

KINDS = {"bars": Bars, "curves": Curves, "dots": Dots, "timeline": Timeline}


def plot(kind, title, rows, notes=(), **options):
    """A Picture of `rows`, a dict or pairs: label -> what is measured.

    That is (bar, value) pairs for "bars", (start, end, state) for "timeline", a value for each run for "dots", (x,
    value) for each run for "curves". options: unit="s" but of a timeline; log=False of dots and curves; along, what x
    counts, of curves. Raises LookupError for another kind, SceneError for rows that contradict themselves.
    """
    if kind not in KINDS:
        raise LookupError(f"不会画 {kind!r}，会画：{'、'.join(KINDS)}。")
    rows = rows.items() if isinstance(rows, dict) else rows
    frozen = tuple((label, tuple(map(_frozen, items))) for label, items in rows)
    return Picture(KINDS[kind](f"plot-{kind}", title, frozen, notes=tuple(notes), **options))


def _frozen(item):
    return tuple(item) if isinstance(item, (list, tuple)) else item
