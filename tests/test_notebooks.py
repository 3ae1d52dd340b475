"""The comparison of notebooks has teeth: a changed server does not pass."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import nbval.kernel
import pytest

import cells
import kernels
from iolab.draw import renewed_html
from iolab.questions import html as question

ROOT = Path(__file__).resolve().parents[1]
LINES = 12  # of a cell, at most
NOTEBOOKS = [path for path in sorted(ROOT.glob("book/**/*.ipynb")) if "_build" not in path.parts]


def code_cells(path):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def test_an_echo_changed_by_one_byte_fails_the_echo_and_the_listing(tmp_path):
    shutil.copytree(ROOT / "code", tmp_path / "code", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "book/network/tcp-socket.ipynb", tmp_path / "tcp-socket.ipynb")
    (tmp_path / "book").symlink_to(ROOT / "book")
    server = tmp_path / "code/day4/tcp_server.py"
    source = server.read_text(encoding="utf-8")
    assert source.count("conn.sendall(data)") == 1
    server.write_text(source.replace("conn.sendall(data)", "conn.sendall(data[:-1] + b'?')"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "--tb=no", "-rf", "--color=no", "--maxfail=2"]
    result = subprocess.run(
        [*command, "tcp-socket.ipynb"],
        cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path / "code"), "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=240)
    found = code_cells(ROOT / "book/network/tcp-socket.ipynb")
    expected = [next(number for number, cell in enumerate(found) if cell["source"][0].startswith(begin))
                for begin in ('show("day4/tcp_server.py")', 'with serve("day4/tcp_server.py")')]
    assert re.findall(r"^FAILED .*::Cell (\d+)", result.stdout, re.M) == list(map(str, expected)), result.stdout


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_was_executed_and_is_short(path):
    found = code_cells(path)
    assert [c["execution_count"] for c in found] == list(range(1, len(found) + 1)), "run `make refresh`"
    long = ["".join(c["source"]).split("\n")[0] for c in found if len("".join(c["source"]).split("\n")) > LINES]
    assert not long, f"cells of more than {LINES} lines, beginning with {long}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_stored_picture_moves_by_the_present_player(path):
    for number, cell in enumerate(code_cells(path)):
        for output in cell["outputs"]:
            html = "".join(output.get("data", {}).get("text/html", ""))
            assert html == question.renewed_html(renewed_html(html)), f"cell {number}: run `make refresh`"


# What each pattern may hide: the number at the end of such a text, and nothing else.
HIDES = {
    "port of an address": r"(?:127\.0\.0\.1:|\[::1\]:|\('127\.0\.0\.1', |\('::1', )(\d{4,5})",
    "pid": r"pid=(\d+)",
}
UNTOUCHED = (
    "第 10 条、12 字节、4096 字节、65536 次\n2026-11-27 17:34:08\nHTTP/1.1 200 OK\nContent-Length: 1234\n"
    "{2000} 3.14.1 10.0.0.1:8080 127.0.0.1 0x7f000001 127.0.0.1:80 ['127.0.0.1', 12345]\n"
    "pid 4711 ppid: 4711 rapid=yes 4711 id=4711 tid=4711 uid=1000 Errno 98 1.234 s E105 [1, 22, 333, 4444, 55555]\n"
)


def stored():
    """(page, text of all outputs) as nbval compares them."""
    for path in NOTEBOOKS:
        yield path.stem, "\n".join(cells.printed(cell) for cell in code_cells(path))


def test_the_comparison_hides_ports_and_pids_and_nothing_else():
    patterns = cells.sanitizers()
    assert patterns.keys() <= HIDES.keys(), "a new pattern needs a line in HIDES that says what it may hide"
    for name, (pattern, replacement) in patterns.items():
        assert pattern.sub(replacement, UNTOUCHED) == UNTOUCHED, name
        assert pattern.flags == re.UNICODE and name in HIDES
        hidden = 0
        for page, text in stored():
            for match in pattern.finditer(text):
                allowed = re.fullmatch(HIDES[name], match[0])
                assert allowed, f"{page}: {name} hides {match[0]!r}"
                kept = match[0].removesuffix(allowed[1])
                assert match.expand(replacement) == kept + name.split()[0].upper()
                assert name != "port of an address" or 1024 <= int(allowed[1]) < 65536, f"{page}: {match[0]}"
                hidden += 1
        assert hidden, f"{name} hides nothing: drop it"


def test_the_kernels_of_a_run_take_no_port(tmp_path):
    """A port chosen for a kernel may be another server's before the kernel binds it: see kernels.py."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(
        "from pathlib import Path\n"
        "from ipykernel.connect import get_connection_info\n"
        "_ = Path('transport').write_text(get_connection_info(unpack=True)['transport'])", execution_count=1)])
    nbformat.write(notebook, tmp_path / "page.ipynb")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "kernels", "-p", "no:cacheprovider", "page.ipynb"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True, text=True, timeout=120)
    assert result.returncode == 0 and (tmp_path / "transport").read_text() == "ipc", result.stdout
    assert nbval.kernel.KernelManager is kernels.KernelManager, "conftest.py does the same for this run"
