"""day2/file_read.py reads whole files in five ways, and says why it cannot."""

import pytest

from iolab.launch import run
from limits import run_limited

POEM = "床前明月光\n疑是地上霜\n举头望明月\n低头思故乡\n"


@pytest.fixture
def poem(tmp_path):
    path = tmp_path / "静夜思.txt"
    path.write_text(POEM * 10, encoding="utf-8")
    return path


def numbers(output):
    """{way: (times, most at once, sum)}"""
    found = {}
    for line in output.splitlines():
        name, _, rest = line.partition(" 分 ")
        found[name.strip()] = tuple(int("".join(filter(str.isdigit, part))) for part in rest.split("，"))
    return found


def test_five_ways_read_the_same_amount_with_different_appetites(poem):
    result = run("day2/file_read.py", poem, quiet=True)
    assert result.status == 0
    assert numbers(result.output) == {
        "read()": (1, 240, 240), "readlines()": (1, 240, 240), "read(64)": (4, 64, 240), "readline()": (40, 6, 240),
        "for line in f": (40, 6, 240),
    }


def test_an_empty_file(tmp_path):
    (tmp_path / "empty").write_text("")
    assert numbers(run("day2/file_read.py", tmp_path / "empty", quiet=True).output)["readline()"] == (0, 0, 0)


def test_empty_lines_do_not_end_the_reading(tmp_path):
    (tmp_path / "lines").write_text("\n\n\nlast", encoding="utf-8")
    assert numbers(run("day2/file_read.py", tmp_path / "lines", quiet=True).output)["readline()"] == (4, 4, 7)


def test_another_encoding(tmp_path):
    (tmp_path / "gbk.txt").write_bytes(POEM.encode("gbk"))
    assert run("day2/file_read.py", tmp_path / "gbk.txt", "--encoding", "gbk", quiet=True).status == 0


@pytest.mark.parametrize("data, encoding, why", [
    (POEM.encode("gbk"), "utf-8", "'utf-8' codec can't decode"),
    (POEM.encode(), "ascii", "'ascii' codec can't decode"),
    (b"\x89PNG\r\n\x1a\n", "utf-8", "'utf-8' codec can't decode"),
    (b"", "utf-99", "unknown encoding: utf-99"),
])
def test_the_wrong_encoding(tmp_path, data, encoding, why):
    (tmp_path / "file").write_bytes(data)
    result = run("day2/file_read.py", tmp_path / "file", "--encoding", encoding, quiet=True)
    assert result.status == 1 and "读不了" in result.output and why in result.output
    assert "Traceback" not in result.output


def test_the_file_is_missing(tmp_path):
    result = run("day2/file_read.py", tmp_path / "missing", quiet=True)
    assert result.status == 1 and "No such file" in result.output and "Traceback" not in result.output


def test_the_file_is_a_folder(tmp_path):
    result = run("day2/file_read.py", tmp_path, quiet=True)
    assert result.status == 1 and "Is a directory" in result.output and "Traceback" not in result.output


def test_the_file_may_not_be_read(poem):
    poem.chmod(0)
    result = run_limited("day2/file_read.py", poem, obey_permissions=True)
    assert result.status == 1 and "Permission denied" in result.output and "Traceback" not in result.output
