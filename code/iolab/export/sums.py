"""The checksums of a release, in the form that `sha256sum -c SHA256SUMS` reads."""

import hashlib

ENDINGS = ("-html.zip", ".epub", ".pdf")


def write(out, about):
    """Write SHA256SUMS for the files of this version in ``out`` and return its path.

    Raises ValueError when one of them has not been made.
    """
    paths = [out / about.file(ending) for ending in ENDINGS]
    if missing := [path for path in paths if not path.exists()]:
        raise ValueError(f"{missing[0]} is not there: make release makes all of them")
    path = out / "SHA256SUMS"
    path.write_text("".join(f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in paths),
                    encoding="utf-8")
    return path
