"""A kernel ends with its page."""

import asyncio
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from iolab.live.kernels import PageKernels, mirror
from iolab.live.leftovers import KERNEL_MARK, marked


@pytest.fixture
def kernels(tmp_path):
    return lambda patience: PageKernels(patience=patience, root_dir=str(tmp_path), connection_dir=str(tmp_path))


def run(story):
    """In a thread of its own: playwright's loop may run in this one."""
    with ThreadPoolExecutor() as thread:
        thread.submit(asyncio.run, story).result()


def test_a_cell_sees_what_stands_beside_its_page_and_writes_beside_itself(tmp_path):
    for name in ("book/part/data.txt", "book/index.txt", "code/script.py"):
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text(name)
    for path, expected in (("part/", "book/part"), ("", "book"), ("nowhere", "book"), ("../code", "book"),
                           ("/etc", "book")):
        folder = tmp_path / f"cells {path.replace('/', '-')}"
        folder.mkdir()
        here = mirror(tmp_path / "project/book", path, folder)
        assert here == folder / expected and not here.is_symlink()
        assert (here / ("data.txt" if expected == "book/part" else "index.txt")).exists()
        assert (here / ("../../code/script.py" if expected == "book/part" else "../code/script.py")).exists()
        (here / "written.txt").write_text("by a cell")
        shutil.rmtree(folder)
    files = {str(path.relative_to(tmp_path / "project")) for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {"book/part/data.txt", "book/index.txt", "code/script.py"}


def test_one_that_no_page_is_connected_to_is_ended(kernels, tmp_path):
    async def story():
        manager = kernels(0.5)
        kernel = await manager.start_kernel()
        manager.notify_connect(kernel)
        await asyncio.sleep(1)
        assert kernel in manager and marked(KERNEL_MARK, kernel)
        manager.notify_disconnect(kernel)
        manager.notify_connect(kernel)  # a page that is back in time
        await asyncio.sleep(1)
        assert kernel in manager
        manager.notify_disconnect(kernel)
        async with asyncio.timeout(20):
            while kernel in manager or marked(KERNEL_MARK, kernel):
                await asyncio.sleep(0.05)
        await manager.cleared()

    run(story())
    assert os.listdir(tmp_path) == []


def test_one_that_no_page_ever_came_to_is_ended(kernels):
    async def story():
        manager = kernels(0.5)
        kernel = await manager.start_kernel()
        async with asyncio.timeout(20):
            while kernel in manager or marked(KERNEL_MARK, kernel):
                await asyncio.sleep(0.05)
        await manager.cleared()

    run(story())
