"""The judge: it says whether an answer or a lab's program is right, and what shows that it is not."""

from iolab.grade.answers import check
from iolab.grade.front import grade

__all__ = ["check", "grade"]
