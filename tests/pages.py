"""The book's pages in reading order, from _toc.yml."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def _documents(entry):
    if "root" in entry or "file" in entry:
        yield entry.get("root") or entry["file"]
    for key in ("parts", "subtrees", "chapters", "sections", "entries"):
        for below in entry.get(key, []):
            yield from _documents(below)


PAGES = [name + ".html" for name in _documents(yaml.safe_load((ROOT / "book/_toc.yml").read_text(encoding="utf-8")))]
