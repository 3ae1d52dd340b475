"""The built HTML as one zip that a reader unpacks anywhere, on Windows too, and opens with a double click."""

import re

from iolab.export import archive, notices

MACHINE = "_static/machine/"  # the Linux in the page: four times as large as all the rest
LICENCES = ("LICENSE.txt", "LICENSE-CC-BY-4.0.txt")
FOR_SERVERS = {".buildinfo", ".nojekyll", "objects.inv"}
SCRIPT = re.compile(r'<script\b[^>]*\bsrc="[^"]*' + re.escape(MACHINE) + r'[^"]*"[^>]*></script>\n?')
# What Windows refuses in a name, and the names that mean devices there, whatever their ending.
REFUSED = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ](?=/|$)')
DEVICES = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?(?=/|$)", re.IGNORECASE)
LONGEST = 140  # characters below the folder that it is unpacked in, of the 259 that a path of Windows may have
README = """{title} {version}

1. 先把整个压缩包解压到一个文件夹（Windows：右键，“全部解压缩”）。只在压缩包里双击，网页没有样式。
2. 双击 index.html，用浏览器打开。不需要网络，也不需要安装什么。

{rights}
代码许可的全文在 {licences[0]}，文字和图的在 {licences[1]}，所带的别人的脚本和样式在 NOTICES.txt。
"""


def make(html, about, out):
    """Write the zip of the folder ``html`` into the folder ``out`` and return its path.

    Raises ValueError when a licence is missing, or Windows could not unpack one of the names, or two that differ only
    by case.
    """
    contents = dict(files(html))
    if missing := [name for name in LICENCES if name not in contents]:
        raise ValueError(f"{html} has no {missing[0]}, which must go with every copy")
    readme = README.format(title=about.title, version=about.version, rights=about.rights, licences=LICENCES)
    contents["先读我.txt"] = ("\ufeff" + readme.replace("\n", "\r\n")).encode()  # as old editors of Windows want it
    contents["NOTICES.txt"] = notices.text().encode()
    if lines := illegal(contents):
        raise ValueError("Windows cannot unpack " + "; ".join(lines))
    path = out / about.file("offline")
    archive.write(path, contents)
    return path


def files(html):
    """Yield name and bytes of what a reader's disk needs; pages no longer ask for what is left out."""
    for path in sorted(html.rglob("*")):
        name = path.relative_to(html).as_posix()
        if path.is_dir() or name.startswith(MACHINE) or name in FOR_SERVERS:
            continue
        content = path.read_bytes()
        yield name, SCRIPT.sub("", content.decode()).encode() if path.suffix == ".html" else content


def illegal(names):
    """Return one line for each name that Windows would refuse, shorten or confuse with another."""
    lines = [f"{name}: {found[0]!r} is not allowed there" for name in names
             if (found := REFUSED.search(name) or DEVICES.search(name))]
    lines += [f"{name}: {len(name)} characters, at most {LONGEST}" for name in names if len(name) > LONGEST]
    seen = {}
    for name in sorted(names):
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            lines.append(f"{name} and {other}: the same there")
    return lines
