"""Small verbs for a page as an ElementTree: HTML parsed as browsers do, its elements in the namespace of XHTML."""

import xml.etree.ElementTree as ET

import html5lib

XHTML, SVG, XLINK = "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
EPUB = "http://www.idpf.org/2007/ops"
for _prefix, _name in (("", XHTML), ("svg", SVG), ("xlink", XLINK), ("epub", EPUB)):
    ET.register_namespace(_prefix, _name)


def parse(html):
    """Return the elements of a piece of HTML below one <body>."""
    return html5lib.parse(html, treebuilder="etree").find(f"{{{XHTML}}}body")


def make(name, text=None, *children, **attributes):
    """Return an element of XHTML; class_ stands for class."""
    made = ET.Element(f"{{{XHTML}}}{name}", {key.rstrip("_"): value for key, value in attributes.items()})
    made.text = text
    made.extend(children)
    return made


def name(element):
    """The tag without its namespace; "" for a comment."""
    return element.tag.partition("}")[2] if isinstance(element.tag, str) else ""


def classes(element):
    return element.get("class", "").split()


def find(root, *names, class_=None):
    """Return all elements of these names (of any, when none is given) that have the class, in document order."""
    return [one for one in root.iter() if isinstance(one.tag, str) and (not names or name(one) in names)
            and (class_ is None or class_ in classes(one))]


def parents(root):
    return {child: parent for parent in root.iter() for child in parent}


def words(element):
    """The text of an element with single spaces."""
    return " ".join("".join(element.itertext()).split())


def replace(parent, old, *new):
    """Put the elements ``new`` in the place of a child; the text behind it stays."""
    place = list(parent).index(old)
    parent.remove(old)
    for one in reversed(new):
        parent.insert(place, one)
    if old.tail:
        if new:
            new[-1].tail = (new[-1].tail or "") + old.tail
        elif place:
            parent[place - 1].tail = (parent[place - 1].tail or "") + old.tail
        else:
            parent.text = (parent.text or "") + old.tail
    old.tail = None


def unwrap(parent, old):
    """Put the contents of a child, its text among them, in its place."""
    place, text = list(parent).index(old), old.text or ""
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    old.text = None
    replace(parent, old, *old)


def to_xml(element):
    return ET.tostring(element, encoding="unicode", short_empty_elements=True)
