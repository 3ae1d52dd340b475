"""A zip that is the same, byte by byte, whenever and wherever it is made from the same contents."""

import zipfile

FILE = 0o100644 << 16


def write(path, contents, first=()):
    """Write ``contents``, a mapping of names to bytes, as the zip ``path``.

    Entries are sorted by name, and those of ``first`` come first, stored as they are. A name beyond ASCII is stored in
    UTF-8 and flagged so. Raises ValueError for a name of ``first`` that is not among the contents.
    """
    if missing := [name for name in first if name not in contents]:
        raise ValueError(f"{path}: nothing is called {missing[0]!r}, which should come first")
    rest = sorted(contents.keys() - set(first))
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as made:
        for name in (*first, *rest):
            entry = zipfile.ZipInfo(name)  # of 1980, as early as a zip can name
            entry.create_system, entry.external_attr = 3, FILE
            entry.compress_type = zipfile.ZIP_STORED if name in first else zipfile.ZIP_DEFLATED
            made.writestr(entry, contents[name], compresslevel=9)
