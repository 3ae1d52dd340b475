"""Rows and columns of text."""

from dataclasses import dataclass

from iolab.model.check import require


@dataclass(frozen=True)
class Table:
    """A table. `code` holds the numbers of the columns that are program text. Raises SceneError if rows differ."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    code: tuple[int, ...] = (0,)

    def __post_init__(self):
        require(self.header, self, "the header is empty")
        require(self.rows, self, "there are no rows")
        for row in self.rows:
            require(len(row) == len(self.header), self,
                    f"row {row!r} has {len(row)} cells, the header has {len(self.header)}")
        for number in self.code:
            require(0 <= number < len(self.header), self, f"there is no column {number} to hold code")
