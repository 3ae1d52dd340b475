"""Sphinx extension of the book: Chinese search, offline HTML, pictures, and the lists of the appendix."""

import hashlib
from importlib import import_module
from pathlib import Path

from iolab import words

PARTS = ("edition", "offline", "anchors", "start", "zh_search", "lists", "claims", "errata", "errors", "exercises",
         "pictures", "questions", "plumbing", "rights", "roadmap", "styles", "apis", "scripts", "interview", "glossary",
         "live_hint", "machine", "teaching")
HERE = Path(__file__).parent


def fingerprint(book):
    """Return a digest of all that turns a page into HTML, so that a change of it builds every page again.

    The book's own static files are among it: Sphinx copies none of them when no page has changed.
    """
    sources = [
        path
        for folder in (HERE, HERE.parent / "draw", HERE.parent / "questions", words.HERE, Path(book, "_static"))
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".py", ".js", ".css", ".html", ".po"}
    ]
    return words.language() + hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def language_of(config):
    """The language that the book asks for; "" where it says nothing (Sphinx itself then takes English)."""
    return {**config._raw_config, **config.overrides}.get("language") or ""


def refuse_the_folder_above(app):
    """End in one sentence where `jupyter-book build .` follows the links at the root of the project."""
    if Path(app.srcdir, "book", "_toc.yml").exists():
        raise SystemExit("The book is in the folder book: run `jupyter-book build book`, or `make book`.")


def forget_first(app, env, docnames):
    """Forget all pages that will be read before the first is: what moved from one to another would be there twice."""
    for docname in docnames:
        app.emit("env-purge-doc", env, docname)
        env.clear_doc(docname)


def setup(app):
    refuse_the_folder_above(app)
    words.speak(language_of(app.config))
    app.connect("env-before-read-docs", forget_first)
    app.add_config_value("iolab_fingerprint", fingerprint(app.confdir), "env")
    for part in PARTS:
        import_module(f"iolab.sphinxext.{part}").setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
