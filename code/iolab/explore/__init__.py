"""Small concurrent programs as data, and all their reachable states.

One level a file in levels/: its docstring, and one LEVEL. Its name is what a page hands to `level`.
"""

import dataclasses
import difflib
import importlib
import pkgutil

from iolab.explore import levels


def names():
    """The names of all levels, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(levels.__path__))


def load(name):
    """The Level of that name. Raises LookupError, with names that are near, if there is none."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), 3, 0.4) or names()
        raise LookupError(f"没有叫 {name!r} 的关卡。相近的名字：{'、'.join(near)}")
    return dataclasses.replace(importlib.import_module(f"{levels.__name__}.{name}").LEVEL, name=name)
