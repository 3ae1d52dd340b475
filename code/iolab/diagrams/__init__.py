"""One picture a file: a docstring that says what it shows and where that is written down, and one SCENE.

A new file here is a new picture; its name is what a page hands to `play`.
"""

import difflib
import importlib
import pkgutil


def names():
    """The names of all pictures, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name):
    """The scene of that name. Raises LookupError, with names that are near, if there is none."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), 3, 0.4) or names()
        raise LookupError(f"没有叫 {name!r} 的图。相近的名字：{'、'.join(near)}")
    return importlib.import_module(f"{__name__}.{name}").SCENE
