"""Places of reads and writes that threads, processes and power cuts share: pread, O_APPEND, a file replaced."""

import os
import runpy
import stat

import pytest

from iolab.launch import run, scripts
from preludes import output_without


@pytest.fixture
def save():
    return runpy.run_path(str(scripts.find("day3/replace_file.py")))["save"]


def test_what_the_scripts_print():
    assert run("day3/pread_broken.py", quiet=True).output == (
        "线程乙要第 2 条 b'two.'，读到 b'two.'\n线程甲要第 0 条 b'zero'，读到 b'thre'\n")
    assert run("day3/pread_fixed.py", quiet=True).output == (
        "线程乙要第 2 条 b'two.'，读到 b'two.'\n线程甲要第 0 条 b'zero'，读到 b'zero'\n")
    assert run("day3/append.py", quiet=True).output == (
        "自己移到末尾：写了 4 行，文件里有 1 行 丁写的\n"
        "O_APPEND：写了 4 行，文件里有 4 行 甲写的 乙写的 丙写的 丁写的\n")
    assert run("day3/replace_file.py", quiet=True).output == (
        "保存失败： TypeError\n文件里是 b'100\\n' ，目录里有 ['积分']\n")


def test_saving_without_its_care_leaves_half_a_file(tmp_path):
    output = output_without({"os.remove(new)": "pass"}, "day3/replace_file.py", tmp_path)
    assert output.startswith("保存失败： TypeError\n文件里是 b'100\\n' ，目录里有 ['") and "tmp" in output


def test_the_content_is_synced_before_the_name_and_the_name_before_it_returns(save, tmp_path, monkeypatch):
    told = []

    def tell(name, call):
        def told_call(first, *args):
            folder = isinstance(first, int) and stat.S_ISDIR(os.fstat(first).st_mode)
            told.append(f"{name} folder" if folder else name)
            return call(first, *args)
        return told_call

    for name in ("fsync", "replace"):
        monkeypatch.setattr(os, name, tell(name, getattr(os, name)))
    save(str(tmp_path / "x"), [b"new"])
    assert told == ["fsync", "replace", "fsync folder"]


def test_the_new_file_keeps_the_old_rights_and_a_reader_the_old_file(save, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with open(path, "rb") as reader:
        save(str(path), [b"n", b"ew"])
        assert reader.read() == b"old" and path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 and os.listdir(tmp_path) == ["x"]


def test_it_saves_into_the_working_folder(save, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save("x", [b"new"])
    assert (tmp_path / "x").read_bytes() == b"new"
