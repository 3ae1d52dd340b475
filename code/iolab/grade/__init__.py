"""The judge: it says whether an answer or a lab's program is right, and what shows that it is not."""

import functools
import sys
import types

from iolab.grade.answers import check
from iolab.grade.front import grade

__all__ = ["check", "grade"]


class _Called(types.ModuleType):
    """`from iolab import grade` gives this module once anybody has imported it, and the function before: both judge."""

    @functools.wraps(grade)
    def __call__(self, *args, **options):
        return grade(*args, **options)


sys.modules[__name__].__class__ = _Called
