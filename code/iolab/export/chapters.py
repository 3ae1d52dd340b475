"""The pages of the built book in reading order, and as paper has them."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import yaml

from iolab.export import paper, tree

ARTICLE, END = "<article", "</article>"
ONLY_LIVE = "question-review"  # the class of what does nothing without a script, and the whole of its page
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


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
    """The words of the first heading."""
    return tree.words(tree.find(element, *HEADINGS)[0])


def still(html, toc):
    """Return the chapters as paper has them, in the order of the file ``toc``; those that are only alive are left out.

    Raises ValueError for a page that is not there, or that has no article.
    """
    found = [chapter for chapter in read(html, toc) if not tree.find(chapter.body, class_=ONLY_LIVE)]
    for chapter in found:
        paper.put_on_paper(chapter.body)
    return found


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
