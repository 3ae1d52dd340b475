"""Whose work the machine is: each package with its version, its licences and where its sources are."""

import re

HEAD = """The Linux in the page is made of packages of others, each free software under its own licence, printed below.
How they were put together, and the machine's own files: code/iolab/machine in the book's sources (LICENSE there).

The sources of Debian's packages: `apt-get source SOURCE=VERSION`, with the names below, where apt knows the sources of
Debian 12 (deb-src); Debian's snapshot archive keeps every version. The packages of npm hold or name their sources.
"""

COMMON = "usr/share/common-licenses"
NAMED = re.compile(rf"/{COMMON}/({{[^}}]*}}|[\w.+-]*)")  # as a shell would read it, several in braces
NAME = re.compile(r"[A-Z]\w*(?:-\d+(?:\.\d+)?)?")


def write(out, lock, root, libraries):
    """Write notices.txt into the folder `out`: versions, sources and whole licences of all that is inside."""
    text = [HEAD]
    for name, one in lock["debian"].items():
        source, _, version = one["source"].rstrip(")").partition(" (")
        text.append(f"\n=== {name} {one['version']} (Debian; source {source}={version or one['version']})\n")
        copyright = root / "usr/share/doc" / name / "copyright"
        text.append(copyright.read_text(encoding="utf-8", errors="replace") if copyright.exists()
                    else f"See the licence of {source}.\n")
    for name, one in lock["npm"].items():
        text.append(f"\n=== {name} {one['version']} (npm)\n")
        text.append((libraries[name] / "LICENSE").read_text(encoding="utf-8"))
    text += common(root, "".join(text))
    (out / "notices.txt").write_text("".join(text), encoding="utf-8")


def common(root, text):
    """The licences that Debian's packages only name, each once; a name without a number is the newest of its kind."""
    named = {name for names in NAMED.findall(text) for name in NAME.findall(names)}
    for name in sorted({(root / COMMON / name).resolve().name for name in named}):
        yield f"\n=== /{COMMON}/{name}\n"
        yield (root / COMMON / name).read_text(encoding="utf-8")
