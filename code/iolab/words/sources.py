"""Where iolab's words stand: the files of its rooms."""

from pathlib import Path

from iolab.words import page, po, python

ROOT = Path(__file__).parent.parent
BOOK = ROOT.parent.parent / "book"
# Chinese that is not said: what a Chinese search understands, what JupyterLab's extension makes of English.
NOT_SAID = {"words", "sphinxext/static/search-rank.js", "labextensions"}
SAYING = {".py", ".js", ".css", ".html", ".svg"}


def messages():
    """{msgid: [file, ...]} of all rooms, in the order of their files, and of the styles of the book."""
    found = {}
    for path in [*sorted(ROOT.rglob("*")), *sorted((BOOK / "_static").glob("*.css"))]:
        name = path.relative_to(ROOT if path.is_relative_to(ROOT) else BOOK.parent).as_posix()
        if path.suffix not in SAYING or name in NOT_SAID or name.split("/")[0] in NOT_SAID:
            continue
        text = path.read_text(encoding="utf-8")
        for msgid in python.messages(text) if path.suffix == ".py" else page.messages(text, path.suffix):
            files = found.setdefault(msgid, [])
            if name not in files:
                files.append(name)
    return found


def uses(wanted, key):
    """Whether a key of a catalogue is one of `wanted` (messages()), in the file or room that its context names."""
    context, _, msgid = key.rpartition(po.BETWEEN)
    return any(not context or name == context or name.startswith(f"{context}/") for name in wanted.get(msgid, ()))
