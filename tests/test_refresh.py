"""`make refresh` stores what changed, but never a changed proof unasked; JupyterLab stores no more than it must."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from traitlets.config import PyFileConfigLoader

from loops import run_apart

ROOT = Path(__file__).parent.parent
SPEC = importlib.util.spec_from_file_location("refresh", ROOT / ".ci" / "refresh.py")
refresh = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(refresh)


@pytest.fixture
def page(tmp_path):
    """A stored notebook: a proof whose truth hangs on a file, beside a cell that proves nothing."""
    (tmp_path / "world").write_text("True")
    path = tmp_path / "page.ipynb"
    write(path, "print(open('world').read())\nprint('127.0.0.1:4711')")
    return path


def write(path, source):
    proof = code(source, "True\n127.0.0.1:4711\n", "a", "claim:one", "claim:two")
    nbformat.write(nbformat.v4.new_notebook(cells=[proof, code("print(open('world').read())", "True\n", "b")]), path)


def code(source, text, name, *marks):
    output = nbformat.v4.new_output("stream", text=text)
    return nbformat.v4.new_code_cell(source, id=name, execution_count=1, outputs=[output], metadata={"tags": marks})


def test_a_changed_proof_is_not_stored_unless_accepted(page):
    stored = page.read_text("utf-8")
    (page.parent / "world").write_text("False")
    refused = refresh.refresh(page, accepted=["one"])
    assert page.read_text("utf-8") == stored
    assert refused.endswith('two: print(open(\'world\').read())\n  - "True\\n",\n  + "False\\n",'), refused
    assert "one:" not in refused
    command = [sys.executable, ROOT / ".ci" / "refresh.py", "--accept", "one", "--accept", "two", page]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert page.read_text("utf-8").count("False") == 2


def test_a_proof_that_is_written_anew_and_prints_the_same_is_stored(page):
    write(page, "print(open('world').read() + '\\n127.0.0.1:' + '4712')")
    assert refresh.refresh(page) is None
    assert "4712" in page.read_text("utf-8") and '"127.0.0.1:4711\\n"' in page.read_text("utf-8")


@pytest.mark.parametrize(("marks", "count", "text", "accepted", "names"), [
    (["claim:a"], 1, "2", [], ["a"]),
    (["claim:a", "claim:b"], 1, "2", ["a"], ["b"]),
    (["claim:a"], 1, "2", ["a"], []),
    (["claim:a"], None, "2", [], []),
    (["claim:a"], 1, "1", [], []),
    (["other"], 1, "2", [], []),
])
def test_which_changes_need_to_be_asked_for(marks, count, text, accepted, names):
    before, after = code("f()", "1", "a"), code("f()", text, "a", *marks)
    before.execution_count = count
    found = list(refresh.unasked(before, after, refresh.sanitizers(), accepted))
    assert [line.partition(":")[0] for line in found] == names


def test_opening_a_page_in_jupyterlab_and_storing_it_makes_no_diff(tmp_path):
    """JupyterLab puts the names that its kernel told into a notebook: what `make lab` stores lacks them again."""
    source = ROOT / "book" / "network" / "tcp-socket.ipynb"
    shutil.copy(source, tmp_path)
    config = PyFileConfigLoader("jupyter_server_config.py", path=str(ROOT / ".ci")).load_config()


    async def store():
        manager = AsyncLargeFileManager(root_dir=str(tmp_path), config=config)
        content = (await manager.get(source.name))["content"]
        content["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
        content["metadata"]["language_info"] |= {"version": "3.14.0", "file_extension": ".py"}
        await manager.save({"type": "notebook", "format": "json", "content": content}, source.name)

    run_apart(store())
    assert (tmp_path / source.name).read_bytes() == source.read_bytes()
    assert "--config=.ci/jupyter_server_config.py" in (ROOT / "Makefile").read_text("utf-8")
