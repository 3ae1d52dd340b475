"""A book of a few pages, built by jupyter-book with the extension as the whole one is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook(cells):
    """A notebook of these cells (of nbformat.v4) for Python."""
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


def begin(book, toc):
    """Make the folder of a book with the settings of the whole one and this table of contents."""
    book.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "book/_config.yml", book)
    (book / "_toc.yml").write_text(toc, encoding="utf-8")


def build(book, *options, **environment):
    """The ended process that has built it; a warning fails it."""
    command = [Path(sys.executable).parent / "jupyter-book", "build", "-W", "-n", *options, "book"]
    return subprocess.run(command, cwd=book.parent, capture_output=True, text=True, timeout=120,
                          env={**os.environ, **environment})
