"""The appendix of errors is whole: what a page or a script names stands there, and every class that Python has."""

import builtins
import errno
import re
import sys
from pathlib import Path

import pytest

import cells
from iolab.sphinxext import errors

ROOT = Path(__file__).parents[2]
TABLE = errors.load(ROOT / "book" / errors.FILE)
NAME = re.compile(r"\bE[A-Z0-9]{2,}\b")
SAME = {"EWOULDBLOCK": "EAGAIN", "EOPNOTSUPP": "ENOTSUP"}      # two names, one number, on Linux


def named():
    """{errno's name: the places that name it}"""
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
             for path in (*ROOT.glob("code/day*/**/*.py"), *ROOT.glob("book/**/*.yml")) if path.name != errors.FILE}
    texts |= {page: "\n".join(cells.source(cell) + cells.printed(cell) for cell in found)
              for page, found in cells.pages().items()}
    found = {}
    for place, text in texts.items():
        for name in set(NAME.findall(text)) & {*dir(errno)}:
            found.setdefault(SAME.get(name, name), []).append(place)
    return found


def test_every_errno_that_a_page_or_a_script_names_stands_in_the_table():
    found = named()
    assert len(found) > 30
    missing = {name: places for name, places in found.items() if name not in {error["name"] for error in TABLE}}
    assert not missing, f"give them a row in book/errors.yml: {missing}"


def test_every_class_of_oserror_is_in_the_tree_below_its_parent_with_its_numbers():
    tree = errors.classes()
    assert tree[0] == ("OSError", 0, [])
    parents = {}
    for name, depth, names in tree:
        parents[depth] = getattr(builtins, name)
        assert depth == 0 or parents[depth].__bases__ == (parents[depth - 1],)
        assert all(type(OSError(getattr(errno, one), "")) is parents[depth] for one in names)
    told = {name for name, *_ in tree}
    assert {name for name, one in vars(builtins).items()
            if isinstance(one, type) and issubclass(one, OSError) and one.__name__ == name} == told


def test_every_class_that_a_number_makes_has_a_row_of_the_table():
    made = {name for name, _, names in errors.classes() if names}
    assert made <= {error["class"] for error in TABLE}


@pytest.mark.skipif(sys.platform != "linux", reason="the names and their classes are the same everywhere, numbers not")
def test_the_table_is_in_the_order_of_the_numbers():
    numbers = [error["number"] for error in TABLE if error["name"]]
    assert numbers == sorted(set(numbers))
