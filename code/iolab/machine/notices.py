"""Whose work the machine is: each package with its version, its licences and where its sources are."""

HEAD = """The Linux in the page is made of packages of others. Each is free software under its own licence, printed below.
The machine's own files and how it was put together: code/iolab/machine in the book's sources.

Sources of Debian's packages: https://snapshot.debian.org/package/SOURCE/VERSION/ keeps every version for good,
`apt-get source SOURCE=VERSION` fetches it where Debian's archive is known to apt.
"""


def write(out, lock, root, libraries):
    """notices.txt (all licences) and parts.json ([{name, version, source, licence}]) into the folder `out`."""
    text = [HEAD]
    for name, one in lock["debian"].items():
        source = one["source"].split(" ")[0]
        text.append(f"\n=== {name} {one['version']} (Debian; source package {source})\n")
        copyright = root / "usr/share/doc" / name / "copyright"
        text.append(copyright.read_text(encoding="utf-8", errors="replace") if copyright.exists()
                    else f"See the licence of {source}.\n")
    for name, one in lock["npm"].items():
        text.append(f"\n=== {name} {one['version']} (npm)\n")
        text.append((libraries[name] / "LICENSE").read_text(encoding="utf-8"))
    (out / "notices.txt").write_text("".join(text), encoding="utf-8")
