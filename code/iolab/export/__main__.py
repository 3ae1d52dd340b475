"""Make one file of the built book: python -m iolab.export offline|epub|pdf|sums. Prints what it wrote, and how large.

offline: a zip of the HTML; epub; pdf: needs a Chromium; sums: the SHA-256 of each of these in SHA256SUMS; cover: draw
the EPUB's cover anew from cover.svg, in the language that IOLAB_LANGUAGE names. --html: what `make book` builds, of
either edition; --out: where the file goes (dist); --project: the folder with pyproject.toml and book.
"""

import argparse
import sys
from pathlib import Path

from iolab.export.about import ENDINGS, about


def main():
    parser = argparse.ArgumentParser(prog="python -m iolab.export", description=__doc__.partition("\n")[0])
    parser.add_argument("kind", choices=(*ENDINGS, "sums", "cover"))
    parser.add_argument("--html", type=Path, default=Path("book/_build/html"))
    parser.add_argument("--out", type=Path, default=Path("dist"))
    parser.add_argument("--project", type=Path, default=Path())
    arguments = parser.parse_args()
    if arguments.kind != "cover" and not (arguments.html / "index.html").exists():
        sys.exit(f"No book in {arguments.html}: run make book first.")
    try:
        path = made(**vars(arguments))
    except ModuleNotFoundError as error:
        sys.exit(f"{arguments.kind} needs {error.name}: pip install -r requirements-tests.txt")
    except (ValueError, RuntimeError, OSError) as error:
        sys.exit(str(error))
    size = path.stat().st_size
    print(f"{size / 1e6:8.2f} MB  {path}" if size > 10_000 else f"{size:8} B   {path}")


def made(kind, html, out, project):
    """Make one and return its path. The modules that a kind does not need, and their libraries, are not loaded."""
    if kind == "cover":
        from iolab.export import cover

        return cover.draw()
    facts, toc = about(project, html), project / "book" / "_toc.yml"
    if kind == "offline":
        from iolab.export import offline

        return offline.make(html, facts, out)
    if kind == "epub":
        from iolab.export import epub

        return epub.make(html, toc, facts, out)
    if kind == "pdf":
        from iolab.export import pdf

        return pdf.make(html, toc, facts, out)
    from iolab.export import sums

    return sums.write(out, facts)


if __name__ == "__main__":
    main()
