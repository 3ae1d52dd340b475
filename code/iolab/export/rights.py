"""The page that every copy ends with: who made the book, and what one may do with it."""

from iolab.export import tree
from iolab.export.about import CC_BY

TITLE = "许可"


def page(about):
    """Return an <article>: the version, the rights, and the licence of the code, which must go with every copy."""
    make = tree.make
    link = make("a", CC_BY, href=CC_BY)
    return make("article", None, make("section", None, make("h1", TITLE),
                make("p", f"{about.title}，版本 {about.version}，{about.date:%Y-%m-%d}。"), make("p", about.rights),
                make("p", None, link), make("pre", about.licence, class_="licence"), id="rights"))
