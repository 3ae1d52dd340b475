"""The judge: it says whether an answer is right, and which case shows that it is not."""

from iolab.grade.answers import check

__all__ = ["check"]
