"""day2/file_open.py: its table is the truth about every mode, and it says why it cannot try them."""

import os

import pytest

from iolab.launch import run
from limits import run_limited

#        file is missing, old content, read gives, write takes, position, after seek(0) a write goes to
TRUTH = {
    "r": ("失败", "保留", "str", "不能", "开头", "不能"), "r+": ("失败", "保留", "str", "str", "开头", "开头"),
    "w": ("新建", "清空", "不能", "str", "开头", "开头"), "w+": ("新建", "清空", "str", "str", "开头", "开头"),
    "a": ("新建", "保留", "不能", "str", "末尾", "末尾"), "a+": ("新建", "保留", "str", "str", "末尾", "末尾"),
    "x": ("新建", "不肯打开", "不能", "str", "开头", "开头"), "x+": ("新建", "不肯打开", "str", "str", "开头", "开头"),
}


def rows(output):
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in output.splitlines()]
    return {line[0].strip("`"): tuple(line[1:]) for line in lines[2:]}


@pytest.fixture(scope="module")
def table():
    result = run("day2/file_open.py", quiet=True)
    assert result.status == 0
    return rows(result.output)


@pytest.mark.parametrize("mode", TRUTH)
def test_text_modes(table, mode):
    assert table[mode] == TRUTH[mode]


@pytest.mark.parametrize("mode", TRUTH)
def test_binary_modes_differ_in_the_type_alone(table, mode):
    assert table[mode[0] + "b" + mode[1:]] == tuple(cell.replace("str", "bytes") for cell in TRUTH[mode])


def test_there_are_no_other_rows(table):
    assert len(table) == 2 * len(TRUTH)


def test_nothing_is_left_in_the_folder(tmp_path):
    assert run("day2/file_open.py", tmp_path, quiet=True).status == 0
    assert os.listdir(tmp_path) == []


def test_the_folder_is_missing(tmp_path):
    result = run("day2/file_open.py", tmp_path / "missing", quiet=True)
    assert result.status == 1 and "试验做不下去" in result.output and "Traceback" not in result.output


def test_the_folder_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    result = run("day2/file_open.py", tmp_path / "file", quiet=True)
    assert result.status == 1 and "Not a directory" in result.output and "Traceback" not in result.output


def test_the_folder_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    result = run_limited("day2/file_open.py", tmp_path, obey_permissions=True)
    assert result.status == 1 and "Permission denied" in result.output and "Traceback" not in result.output


def test_the_disk_is_full(tmp_path):
    result = run_limited("day2/file_open.py", tmp_path, file_size=4)
    assert result.status == 1 and "File too large" in result.output and "Traceback" not in result.output
    assert os.listdir(tmp_path) == []
