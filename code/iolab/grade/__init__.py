"""The judge: it says whether an answer or a lab's program is right, and what shows that it is not."""

import functools
import sys
import types
from importlib import import_module

from iolab.grade.answers import check
from iolab.grade.front import grade

__all__ = ["check", "grade"]


class _Called(types.ModuleType):
    """`from iolab import grade` gives this module once anybody has imported it: it judges as what iolab calls so.

    Where there are no widgets, in the Linux of a page, that is the function here.
    """

    @functools.wraps(grade)
    def __call__(self, *args, **options):
        try:
            judge = import_module("iolab").__getattr__("grade")
        except ImportError:
            judge = grade
        return judge(*args, **options)


sys.modules[__name__].__class__ = _Called
