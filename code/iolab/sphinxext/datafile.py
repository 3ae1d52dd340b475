"""The book's YAML files, each parsed once until it changes: a build asks for one on every page."""

import functools
from pathlib import Path

import yaml


def read(path):
    """Return what a YAML file holds, shared with whoever reads it: not to be changed. None without file or content."""
    path = Path(path)
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return _parsed(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=64)
def _parsed(path, changed, size):
    return yaml.safe_load(path.read_text(encoding="utf-8"))
