"""Sphinx extension of the book: Chinese search, offline HTML, claims ledger, errata list, pictures."""

import hashlib
from pathlib import Path

from iolab.sphinxext import claims, errata, exercises, offline, pictures, zh_search

HERE = Path(__file__).parent


def fingerprint():
    """Return a digest of all that turns a page into HTML, so that a change of it reads every page again."""
    sources = [
        path
        for folder in (HERE, HERE.parent / "draw")
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".py", ".js", ".css", ".html"}
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def setup(app):
    app.add_config_value("iolab_fingerprint", fingerprint(), "env")
    for part in (offline, zh_search, claims, errata, exercises, pictures):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
