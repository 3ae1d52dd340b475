"""The broken scripts of day2 fail as their first line says; the fixed ones do not."""

import io
import os
import random
import runpy
import stat
import tempfile

import pytest

from iolab.launch import run, scripts, show

OUTPUT = {
    "eof_broken": "循环了 100000 圈，没有发现文件已经读完\n",
    "eof_fixed": "循环了 3 圈，知道文件已经读完\n",
    "overwrite_broken": "保存失败： TypeError\n账本里还有 ['存 100']\n",
    "overwrite_fixed": "保存失败： TypeError\n账本里还有 ['存 100', '取 30']\n",
    "copy_broken": "不一样：b'\\x00\\x00\\x02\\r\\n\\x00\\x10' 变成了 b'\\x00\\x00\\x02\\n\\x00\\x10'\n",
    "copy_fixed": "一样\n",
    "leak_broken": "做不下去： Too many open files\n",
    "leak_fixed": "读了 100 次\n",
}


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day2/{name}.py", quiet=True)
    assert (result.status, result.output) == (0, OUTPUT[name])


@pytest.mark.parametrize("name", OUTPUT)
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day2/{name}.py").source.startswith(expected)


def function(script, name):
    return runpy.run_path(str(scripts.find(script)))[name]


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 1_000_000])
def test_a_copy_has_every_byte_of_every_block(tmp_path, size):
    content = random.Random(size).randbytes(size)
    (tmp_path / "old").write_bytes(content)
    (tmp_path / "new").write_bytes(b"what stood there before" * 50_000)
    function("day2/copy_fixed.py", "copy")(tmp_path / "old", tmp_path / "new")
    assert (tmp_path / "new").read_bytes() == content


def test_a_record_is_on_the_disk_before_it_takes_the_name_and_then_the_name_is(tmp_path, monkeypatch):
    """Nobody can pull the plug in a test, but the order of the calls is what fsync(2) asks for."""
    path, steps, fsync, replace = tmp_path / "book", [], os.fsync, os.replace
    path.write_text("old\n")

    def synced(fd):
        kind = "folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else "file"
        target = os.readlink(f"/proc/self/fd/{fd}")
        steps.append((kind, target, os.fstat(fd).st_size if kind == "file" else os.listdir(fd), path.read_text()))
        fsync(fd)

    def replaced(old, new):
        replace(old, new)
        steps.append(("replaced", str(new)))

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    function("day2/overwrite_fixed.py", "save")(str(path), ["one", "two"])
    assert steps == [
        ("file", f"{path}.new", len("one\ntwo\n"), "old\n"),          # all of it, while the old one still stands
        ("replaced", str(path)),
        ("folder", str(tmp_path), ["book"], "one\ntwo\n"),
    ]


def test_the_descriptor_of_the_folder_is_closed(tmp_path):
    save = function("day2/overwrite_fixed.py", "save")
    before = os.listdir("/proc/self/fd")
    for _ in range(3):
        save(str(tmp_path / "book"), ["one"])
    assert len(os.listdir("/proc/self/fd")) == len(before)


@pytest.mark.parametrize(("name", "closed"), [("leak_broken", False), ("leak_fixed", True)])
def test_the_byte_is_read_before_the_file_is_left(name, closed, tmp_path):
    (tmp_path / "file").write_bytes(b"first")
    used = []
    assert function(f"day2/{name}.py", "first_byte")(tmp_path / "file", used) == b"f"
    assert used[0].closed == closed
    used[0].close()


def test_where_the_broken_copy_and_the_fixed_one_differ(tmp_path):
    """What a text file of UNIX holds passes both: only the line ends make the difference."""
    for content, same in ((b"a\nb\n", True), (b"a\r\nb", False), (b"a\rb", False)):
        (tmp_path / "old").write_bytes(content)
        function("day2/copy_broken.py", "copy")(tmp_path / "old", tmp_path / "new")
        assert ((tmp_path / "new").read_bytes() == content) == same


def test_end_of_file_is_found_in_any_kind_of_file(tmp_path):
    read_blocks = function("day2/eof_fixed.py", "read_blocks")
    (tmp_path / "file").write_text("0123456789")
    for mode in ("r", "rb"):
        with open(tmp_path / "file", mode) as f:
            assert read_blocks(f, 100) == 3


@pytest.mark.parametrize(("name", "ends"), [("eof_broken", 99_997), ("eof_fixed", 1)])
def test_the_loop_reads_the_whole_file_before_it_meets_the_end(name, ends, monkeypatch):
    blocks = []

    class Kept(io.BytesIO):
        def read(self, size=-1):
            blocks.append(super().read(size))
            return blocks[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", Kept)
    function(f"day2/{name}.py", "main")()
    assert blocks == [b"0123", b"4567", b"89", *[b""] * ends]
