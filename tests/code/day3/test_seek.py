"""day3/seek.py reads any part of a file, and says why it cannot."""

import pytest

from iolab.launch import run
from limits import run_limited

ALPHABET = """\
打开            位置 0
read(3)       位置 3，读到 b'ABC'
seek(10)      位置 13，读到 b'KLM'
seek(-3, 1)   位置 13，读到 b'KLM'
seek(-3, 2)   位置 26，读到 b'XYZ'
seek(100, 2)  位置 126，读到 b''
"""


def test_the_alphabet():
    result = run("day3/seek.py", quiet=True)
    assert (result.status, result.output) == (0, ALPHABET)


def test_a_real_file_gives_the_same(tmp_path):
    (tmp_path / "file").write_bytes(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert run("day3/seek.py", tmp_path / "file", quiet=True).output == ALPHABET


def test_before_the_beginning(tmp_path):
    (tmp_path / "short").write_bytes(b"x")
    result = run("day3/seek.py", tmp_path / "short", quiet=True)
    assert result.status == 1 and "Invalid argument" in result.output and "Traceback" not in result.output


@pytest.mark.parametrize("place, why", [("missing", "No such file"), (".", "Is a directory")])
def test_nothing_to_read(tmp_path, place, why):
    result = run("day3/seek.py", tmp_path / place, quiet=True)
    assert result.status == 1 and why in result.output and "Traceback" not in result.output


def test_a_pipe_has_no_offset():
    result = run("day3/seek.py", "/dev/stdin", input="text", quiet=True)
    assert result.status == 1 and "Illegal seek" in result.output and "Traceback" not in result.output


def test_the_file_may_not_be_read(tmp_path):
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "file").chmod(0)
    result = run_limited("day3/seek.py", tmp_path / "file", obey_permissions=True)
    assert result.status == 1 and "Permission denied" in result.output
