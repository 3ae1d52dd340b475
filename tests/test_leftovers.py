"""What counts as left over by a test, and that the book's folders hold nothing that a cell has left there."""

from multiprocessing.shared_memory import SharedMemory

from leftovers import shared_memory, unused
from pages import ROOT

KINDS = {".ipynb", ".md", ".yml", ".json"}


def test_shared_memory_is_left_when_nobody_uses_it():
    before = shared_memory()
    memory = SharedMemory(create=True, size=1)
    try:
        assert memory.name in shared_memory() - before and memory.name not in unused({memory.name})
        memory.close()
        assert unused({memory.name}) == {memory.name}
    finally:
        memory.unlink()


def test_no_cell_has_left_a_file_beside_its_page():
    """Not even one that somebody has committed: a later run would write into it."""
    parts = [part for part in (ROOT / "book").iterdir() if part.is_dir() and part.name[:1] not in "._"]
    assert len(parts) > 5
    assert [path for part in parts for path in part.rglob("[!.]*")
            if path.is_file() and ".ipynb_checkpoints" not in path.parts and path.suffix not in KINDS] == []
