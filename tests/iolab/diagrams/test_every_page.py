"""Every page of the five parts has something that moves, and every picture stands on a page."""

import json
import re
from pathlib import Path

from iolab import diagrams, explore
from iolab.model import Layers, Table

BOOK = Path(__file__).parents[3] / "book"
PARTS = "files", "network", "process", "thread", "concurrency"
SHOWN = re.compile(r'^(?:play|level)\("(\w+)"\)', re.MULTILINE)


def shown():
    """{page: the names of the pictures and levels that its cells show}"""
    return {str(path.relative_to(BOOK).with_suffix("")): SHOWN.findall("\n".join(
        "".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code")) for part in (*PARTS, "labs") for path in (BOOK / part).glob("*.ipynb")}


def moves(name):
    return name not in diagrams.names() or not isinstance(diagrams.load(name), Layers | Table)


def test_every_page_has_something_that_moves():
    still = {page for page, names in shown().items() if not page.startswith("labs/") and not any(map(moves, names))}
    assert not still


def test_every_picture_stands_on_a_page_and_every_name_is_one():
    names = {name for found in shown().values() for name in found}
    assert set(diagrams.names()) <= names
    assert names - set(diagrams.names()) - set(explore.names()) <= {"process_states", "tcp_states", "twelve_clients"}
