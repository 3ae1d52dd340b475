"""Code that can be wrapped and still be read: each line an element of its own, what does not fit set in deeper."""

from iolab.export import tree

DEEPEST = 8  # columns: a line that begins further right is wrapped as if it began there; paper.css has the depths


def cut(pre):
    """Put each line of a <pre> into a <span class="line d4">, 4 its depth in columns.

    Spans that go over several lines are cut in as many.
    """
    lines = [[]]
    for text, marks in pieces(pre, ()):
        first, *others = text.split("\n")
        lines[-1].append((first, marks))
        for one in others:
            lines[-1].append(("\n", ()))
            lines.append([(one, marks)])
    lines = [line for line in lines if any(text for text, _ in line)]
    while lines and lines[-1] == [("\n", ())]:
        lines.pop()
    tail = pre.tail
    pre.text, pre[:] = None, [line_of(line) for line in lines]
    pre.tail = tail


def pieces(element, marks):
    """Yield each piece of text and the tags and classes around it."""
    if element.text:
        yield element.text, marks
    for child in element:
        yield from pieces(child, (*marks, (tree.name(child), child.get("class", ""), child.get("href", ""))))
        if child.tail:
            yield child.tail, marks


def line_of(parts):
    whole = "".join(text for text, _ in parts)
    blanks = len(whole) - len(whole.lstrip(" "))
    line = tree.make("span", class_=f"line d{min(blanks, DEEPEST) // 2 * 2}")
    for text, marks in parts:
        if text:
            add(line, text, [mark for mark in marks if mark[1] or mark[2] or mark[0] != "span"])
    return line


def add(line, text, marks):
    """Append text to a line, inside elements like those that were around it."""
    inside = line
    for name, class_, href in marks:
        attributes = {key: value for key, value in (("class_", class_), ("href", href)) if value}
        deeper = tree.make(name, **attributes)
        inside.append(deeper)
        inside = deeper
    if inside is not line:
        inside.text = text
    elif len(line):
        line[-1].tail = (line[-1].tail or "") + text
    else:
        line.text = (line.text or "") + text
