"""The checksums of a release, in the form that `sha256sum -c SHA256SUMS` reads."""

import hashlib
import re

from iolab.export.about import ENDINGS, NAME


def write(out, about):
    """Write SHA256SUMS for the files of this version in ``out``, of both editions, and return its path.

    Raises ValueError when one of the edition ``about`` has not been made.
    """
    paths = [out / about.file(kind) for kind in ENDINGS]
    if missing := [path for path in paths if not path.exists()]:
        raise ValueError(f"{missing[0]} is not there: make release makes all of them")
    named = re.compile(rf"{NAME}-{re.escape(about.version)}(?:-\w+)?(?:{'|'.join(map(re.escape, ENDINGS.values()))})")
    there = sorted(path for path in out.iterdir() if named.fullmatch(path.name))
    path = out / "SHA256SUMS"
    path.write_text("".join(f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in there),
                    encoding="utf-8")
    return path
