"""day2/file_write.py writes what it is given, counts both ways, and says why it cannot."""

import pytest

from iolab.launch import run
from limits import run_limited


def test_characters_are_not_bytes(tmp_path):
    result = run("day2/file_write.py", tmp_path / "new", input="中\nab\n", quiet=True)
    assert (result.status, result.output) == (0, "write 报告了 5 个字符，文件现在有 7 字节\n")
    assert (tmp_path / "new").read_bytes() == "中\nab\n".encode()


def test_without_append_the_old_content_is_gone(tmp_path):
    (tmp_path / "old").write_text("old\n")
    run("day2/file_write.py", tmp_path / "old", input="new\n", quiet=True)
    assert (tmp_path / "old").read_text() == "new\n"


def test_append(tmp_path):
    (tmp_path / "old").write_text("old\n")
    result = run("day2/file_write.py", tmp_path / "old", "--append", input="new\n", quiet=True)
    assert (tmp_path / "old").read_text() == "old\nnew\n"
    assert result.output == "write 报告了 4 个字符，文件现在有 8 字节\n"


def test_nothing_to_write_makes_an_empty_file(tmp_path):
    assert run("day2/file_write.py", tmp_path / "new", quiet=True).status == 0
    assert (tmp_path / "new").read_bytes() == b""


@pytest.mark.parametrize("place, why", [
    (".", "Is a directory"), ("missing/file", "No such file"), ("file/below", "Not a directory"),
])
def test_a_place_where_no_file_can_be(tmp_path, place, why):
    (tmp_path / "file").write_text("")
    result = run("day2/file_write.py", tmp_path / place, input="x\n", quiet=True)
    assert result.status == 1 and "写不了" in result.output and why in result.output
    assert "Traceback" not in result.output


def test_the_file_may_not_be_written(tmp_path):
    (tmp_path / "old").write_text("old\n")
    (tmp_path / "old").chmod(0o400)
    result = run_limited("day2/file_write.py", tmp_path / "old", input="new\n", obey_permissions=True)
    assert result.status == 1 and "Permission denied" in result.output and "Traceback" not in result.output
    assert (tmp_path / "old").read_text() == "old\n"


def test_the_disk_is_full_when_the_file_is_closed():
    result = run("day2/file_write.py", "/dev/full", input="x\n", quiet=True)
    assert result.status == 1 and "No space left" in result.output and "Traceback" not in result.output


def test_the_disk_is_full_in_the_middle(tmp_path):
    result = run_limited("day2/file_write.py", tmp_path / "new", input="0123456789\n" * 10_000, file_size=1000)
    assert result.status == 1 and "File too large" in result.output and "Traceback" not in result.output
    assert (tmp_path / "new").stat().st_size == 1000
