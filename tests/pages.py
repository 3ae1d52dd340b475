"""The book's pages in reading order, from _toc.yml, and whether the built ones are current."""

import shutil
import subprocess
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


def is_current(*changed):
    """Whether `make book` has nothing to build, even if these files had been changed."""
    if not shutil.which("make"):
        return False
    command = ["make", "-n", *(f"--what-if={name}" for name in changed), "book", "EDITION=full"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    return told.returncode == 0 and "jupyter-book build" not in told.stdout
