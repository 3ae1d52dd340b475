"""The comparison of notebooks has teeth: a changed server does not pass."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iolab.draw import renewed_html

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = [path for path in sorted(ROOT.glob("book/**/*.ipynb")) if "_build" not in path.parts]


def code_cells(path):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def test_an_echo_changed_by_one_byte_fails_the_echo_and_the_listing(tmp_path):
    shutil.copytree(ROOT / "code", tmp_path / "code", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "book/network/tcp-socket.ipynb", tmp_path / "tcp-socket.ipynb")
    server = tmp_path / "code/day4/tcp_server.py"
    source = server.read_text(encoding="utf-8")
    assert source.count("conn.sendall(data)") == 1
    server.write_text(source.replace("conn.sendall(data)", "conn.sendall(data[:-1] + b'?')"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "--tb=no", "-rf", "--color=no", "--maxfail=2"]
    result = subprocess.run(
        [*command, "tcp-socket.ipynb"],
        cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path / "code"), "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=240)
    cells = code_cells(ROOT / "book/network/tcp-socket.ipynb")
    expected = [next(number for number, cell in enumerate(cells) if cell["source"][0].startswith(begin))
                for begin in ('show("day4/tcp_server.py")', 'with serve("day4/tcp_server.py")')]
    assert re.findall(r"^FAILED .*::Cell (\d+)", result.stdout, re.M) == list(map(str, expected)), result.stdout


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_was_executed_and_is_short(path):
    cells = code_cells(path)
    assert [c["execution_count"] for c in cells] == list(range(1, len(cells) + 1)), "run `make refresh`"
    long = ["".join(c["source"]).split("\n")[0] for c in cells if len("".join(c["source"]).split("\n")) > 12]
    assert not long, f"cells of more than 12 lines, beginning with {long}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_stored_picture_moves_by_the_present_player(path):
    for number, cell in enumerate(code_cells(path)):
        for output in cell["outputs"]:
            html = "".join(output.get("data", {}).get("text/html", ""))
            assert html == renewed_html(html), f"cell {number}: run `make refresh`"
