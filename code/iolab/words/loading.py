"""Imports that translate: what importlib finds of iolab is compiled from its source in the language spoken.

Nothing is kept on disk: the compiled modules there stay Chinese.
"""

import sys
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

from iolab import words
from iolab.words import python


class Translated(SourceFileLoader):
    def get_code(self, fullname):
        source = self.get_data(self.path).decode("utf-8")
        if not python.CHINESE.search(source):
            return super().get_code(fullname)
        return compile(python.translated(source, words.sayer(Path(self.path))), self.path, "exec")


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if not name.startswith("iolab.") or name.startswith("iolab.words"):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = Translated(spec.loader.name, spec.loader.path)
        return spec


def install():
    if Finder not in sys.meta_path:
        sys.meta_path.insert(0, Finder)
