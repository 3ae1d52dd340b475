"""Where links lead when pages have become chapters of one file."""

import posixpath
from urllib.parse import unquote, urlsplit

from iolab.export import tree

HREF = ("href", f"{{{tree.XLINK}}}href")


def anchors(body):
    """All ids below an element, in document order."""
    return list(dict.fromkeys(one.get("id") for one in body.iter() if one.get("id")))


def lead(chapters, target):
    """Let each link between chapters lead to ``target(name, anchor)``, the anchor "" for the whole chapter.

    Links to other hosts stay; those to what is no chapter (downloads, the search page) become plain text. Returns
    (name of the chapter, where its link should lead) for each link whose anchor is nowhere.
    """
    known, broken = {chapter.name: set(anchors(chapter.body)) for chapter in chapters}, []
    for chapter in chapters:
        for one, parent in tree.parents(chapter.body).items():
            key = next((key for key in HREF if key in one.attrib), None)
            if key is None or urlsplit(one.get(key)).scheme:
                continue
            name, anchor = place(chapter.name, one.get(key))
            if name not in known:
                tree.unwrap(parent, one)
            elif anchor and anchor not in known[name]:
                broken.append((chapter.name, f"{name}#{anchor}"))
            else:
                one.set(key, target(name, anchor))
    return broken


def place(page, href):
    """Return (name of a page, anchor) that a link of a page leads to."""
    path, _, anchor = href.partition("#")
    path = path.partition("?")[0]   # ?screen= asks a script for a picture; its page has it, too
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path))) if path else f"{page}.html"
    return whole.removesuffix(".html") if whole.endswith(".html") else "", unquote(anchor)


def refuse(broken):
    if broken:
        told = "; ".join(f"{name} links to {target}" for name, target in broken[:5])
        raise ValueError(f"{len(broken)} links lead nowhere: {told}. Build the book again (make book), or mend the "
                         "page.")
