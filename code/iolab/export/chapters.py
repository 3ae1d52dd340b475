"""The pages of the built book in reading order, as they come: nothing taken away yet."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import yaml

from iolab.export import tree

ARTICLE, END = "<article", "</article>"


@dataclass(frozen=True)
class Chapter:
    """name: ``part/page``; part: the caption above it in the table of contents, or ""; body: its <article>."""

    name: str
    part: str
    body: Element

    @property
    def title(self):
        return heading(self.body)


def heading(element):
    """The words of the first heading, without the sign that links to it."""
    found = next(one for one in tree.find(element, "h1", "h2", "h3"))
    return " ".join("".join(text for one in [found, *found] if "headerlink" not in tree.classes(one)
                            for text in ([one.text] if one is found else [*one.itertext(), one.tail]) if text).split())


def read(html, toc):
    """Return the chapters of the HTML folder ``html``, in the order of the file ``toc``.

    Raises ValueError for a page that is not there, or that has no article.
    """
    return [Chapter(name, part, article(Path(html, f"{name}.html"))) for part, name in order(toc)]


def order(toc):
    """Return (part, name) of every page of a _toc.yml."""
    entries = yaml.safe_load(Path(toc).read_text(encoding="utf-8"))
    found = [("", entries["root"])]

    def collect(entry, part):
        for below in entry.get("chapters", []) + entry.get("sections", []):
            found.append((part, below["file"]))
            collect(below, part)

    collect(entries, "")
    for entry in entries.get("parts", []):
        collect(entry, entry.get("caption", ""))
    return found


def article(path):
    if not path.exists():
        raise ValueError(f"{path} is not there: build the book again (make book)")
    page = path.read_text(encoding="utf-8")
    start, end = page.find(ARTICLE), page.rfind(END)
    if start < 0 or end < 0:
        raise ValueError(f"{path} has no {ARTICLE}>: it is no page of the book")
    return tree.find(tree.parse(page[start:end + len(END)]), "article")[0]
