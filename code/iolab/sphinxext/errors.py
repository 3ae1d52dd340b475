"""Errors by class, name, number and message, what each means, and the page that shows it; and the classes of OSError.

``book/errors.yml`` has ``system``: name -> ``{number, message, class, says, pages}``, of some also the number that
``windows`` gives them and what else a system says (``also``), and ``python``: a list of ``{class, message, says,
pages}``. Both are one table of the appendix, and search finds a pasted error by them. Which numbers raise which class
is asked of Python itself (PEP 3151).
"""

import errno
from pathlib import Path

from iolab.sphinxext import datafile
from iolab.sphinxext.lists import add_list, book_file
from iolab.sphinxext.markup import body, inline, page_link, table

FILE = "errors.yml"


def load(path):
    """Return [{name, number, message, class, says, pages}, ...]; name is "" and number None where there is no errno."""
    found = datafile.read(path) or {}
    system = [{"name": name, **error} for name, error in found.get("system", {}).items()]
    system.sort(key=lambda error: error["number"])
    return system + [{"name": "", "number": None, **error} for error in found.get("python", ())]


def index(app, docname):
    """Return the table as HTML, an error a row, the system's by their numbers."""
    rows = []
    for error in load(Path(app.srcdir, FILE)):
        names = [f"`{name}`" for name in (error["name"], error["class"]) if name]
        number = "" if error["number"] is None else f" {error['number']}"
        number += f"（Windows {error['windows']}）" if "windows" in error else ""
        head = inline(names[0]) + number + "".join(f"<br>{inline(name)}" for name in names[1:])
        pages = "、".join(page_link(app, docname, page) for page in error["pages"])
        anchor = f' id="error-{error["name"].lower()}"' if error["name"] else ""
        cells = (head, inline(error["message"]), inline(error["says"]), pages)
        rows.append(f"<tr{anchor}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    return table("error-index", ("名字、编号、异常类", "消息", "意思", "见"), body(rows))


def windows(app, docname):
    """Return the errors that have a number of their own on Windows as HTML, an error a row, by that number."""
    errors = [error for error in load(Path(app.srcdir, FILE)) if "windows" in error]
    rows = [(f"`[WinError {error['windows']}]`", f"`[Errno {error['number']}]`", f"`{error['name']}`",
             f"`{error['class']}`") for error in sorted(errors, key=lambda error: error["windows"])]
    return table("windows-errors", ("Windows", "Linux", "名字", "异常类"),
                 body(f"<tr>{''.join(f'<td>{inline(cell)}</td>' for cell in row)}</tr>" for row in rows))


def classes():
    """Return [(a class, how deep below OSError, the names of its errnos by their numbers), ...], OSError first."""
    made = {}
    for number in sorted(errno.errorcode):
        made.setdefault(type(OSError(number, "")), []).append(errno.errorcode[number])
    made.pop(OSError)

    def below(one, depth):
        yield one.__name__, depth, made.get(one, [])
        for child in sorted(one.__subclasses__(), key=lambda child: child.__name__):
            if child.__module__ == "builtins":
                yield from below(child, depth + 1)

    return list(below(OSError, 0))


def tree(app, docname):
    """Return the classes of OSError as HTML, a class a row; a name leads to its row of the table of errors."""
    listed = {error["name"] for error in load(Path(app.srcdir, FILE))}
    rows = []
    for name, depth, names in classes():
        links = [f'<a href="#error-{one.lower()}">{inline(f"`{one}`")}</a>' if one in listed else inline(f"`{one}`")
                 for one in names]
        told = "、".join(links) or ("其余的编号" if depth == 0 else "没有自己的，是下面几个的父类")
        rows.append(f'<tr><td>{"　" * depth}{inline(f"`{name}`")}</td><td>{told}</td></tr>')
    return table("error-classes", ("异常类", "由哪些编号来"), body(rows))


def known(app):
    return [
        (error["name"], error["number"], error["message"], error["class"], error.get("windows"), error.get("also", ()),
         error["pages"])
        for error in load(Path(app.srcdir, FILE))
    ]


def setup(app):
    add_list(app, "error-index", index, book_file(FILE))
    add_list(app, "error-classes", tree, book_file(FILE))
    add_list(app, "windows-errors", windows, book_file(FILE))
    app.connect("iolab-errors", known)
