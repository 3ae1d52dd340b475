"""What counts as left over by a test."""

from multiprocessing.shared_memory import SharedMemory

from leftovers import shared_memory, unused


def test_shared_memory_is_left_when_nobody_uses_it():
    before = shared_memory()
    memory = SharedMemory(create=True, size=1)
    try:
        assert memory.name in shared_memory() - before and memory.name not in unused({memory.name})
        memory.close()
        assert unused({memory.name}) == {memory.name}
    finally:
        memory.unlink()
