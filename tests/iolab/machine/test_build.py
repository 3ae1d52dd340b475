"""How the machine's image is put together: checked without network, packages or emulator."""

import ast
import gzip
import json
import random
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from cells import pages, source
from iolab.machine import build, contents, debian, notices, npm, state
from iolab.machine.elf import needed
from iolab.machine.image import TIME, Tree

ROOT = Path(__file__).parents[3]
LOCK = debian.read_lock(build.LOCK)


def entries(archive):
    """(name, mode, time, data) of each entry of a cpio archive (newc), read as cpio(5) describes it."""
    at = 0
    while True:
        assert archive[at:at + 6] == b"070701"
        fields = [int(archive[at + 6 + 8 * n:at + 14 + 8 * n], 16) for n in range(13)]
        name = archive[at + 110:at + 110 + fields[11] - 1].decode()
        start = (at + 110 + fields[11] + 3) // 4 * 4
        if name == "TRAILER!!!":
            return
        yield name, fields[1], fields[5], archive[start:start + fields[6]]
        at = (start + fields[6] + 3) // 4 * 4


def test_an_archive_holds_files_links_and_the_folders_above_them():
    tree = Tree()
    tree.add("usr/bin/tool", b"12345", program=True)
    tree.add("bin", "usr/bin")
    tree.add("etc/a", b"")
    tree.folders.add("proc")
    assert list(entries(tree.cpio())) == [
        ("bin", 0o120777, TIME, b"usr/bin"), ("etc", 0o040755, TIME, b""), ("etc/a", 0o100644, TIME, b""),
        ("proc", 0o040755, TIME, b""), ("usr", 0o040755, TIME, b""), ("usr/bin", 0o040755, TIME, b""),
        ("usr/bin/tool", 0o100755, TIME, b"12345")]


def test_the_licences_that_a_package_only_names_are_printed_each_once(tmp_path):
    common, doc = tmp_path / "usr/share/common-licenses", tmp_path / "usr/share/doc/one"
    common.mkdir(parents=True)
    doc.mkdir(parents=True)
    for name in ("GPL-2", "GPL-3", "LGPL-2.1", "MPL-1.1", "Artistic"):
        (common / name).write_text(f"terms of {name}\n")
    (common / "GPL").symlink_to("GPL-3")
    (doc / "copyright").write_text(
        "It lies in `/usr/share/common-licenses/GPL'. Or, see /usr/share/common-licenses/GPL-3.\n"
        "Others: /usr/share/common-licenses/{MPL-1.1,LGPL-2.1}, /usr/share/common-licenses.\n")
    notices.write(tmp_path, {"debian": {"one": {"version": "1", "source": "one"}}, "npm": {}}, tmp_path, {})
    printed = (tmp_path / "notices.txt").read_text(encoding="utf-8")
    assert re.findall("terms of (.*)", printed) == ["GPL-3", "LGPL-2.1", "MPL-1.1"]


def test_two_builds_give_the_same_bytes():
    files = {"b": b"2", "a/c": b"3", "a/b": b"1"}
    first, second = Tree(), Tree()
    for name in files:
        first.add(name, files[name])
    for name in reversed(files):
        second.add(name, files[name])
    assert first.cpio() == second.cpio()


def elf(*names):
    """A 32-bit ELF file that is linked with these libraries and has nothing else (elf(5))."""
    strings = b"\0" + b"".join(name.encode() + b"\0" for name in names)
    offsets = [strings.index(name.encode()) for name in names]
    dynamic = b"".join(struct.pack("<II", 1, offset) for offset in offsets)
    dynamic += struct.pack("<IIII", 5, 0x1000 + 52 + 64, 0, 0)
    start, base = 52 + 64 + len(strings), 0x1000
    whole = start + len(dynamic)
    load = struct.pack("<8I", 1, 0, base, base, whole, whole, 5, 4096)
    table = struct.pack("<8I", 2, start, base + start, base + start, len(dynamic), len(dynamic), 6, 4)
    head = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 3, 3, 1, 0, 52, 0, 0, 52, 32, 2, 0, 0, 0)
    return head + load + table + strings + dynamic


def test_the_libraries_of_a_program_are_read_from_it():
    assert needed(elf("libc.so.6", "libm.so.6")) == ["libc.so.6", "libm.so.6"]
    assert needed(elf()) == needed(b"#!/bin/sh\n") == needed(b"") == []


def test_the_lock_holds_what_the_contents_name_and_where_it_is_no_host():
    assert LOCK["debian"].keys() == set(contents.PACKAGES)
    assert {name: one["version"] for name, one in LOCK["npm"].items()} == contents.NPM
    for one in LOCK["debian"].values():
        assert re.fullmatch(r"pool/main/[\w.+%/~-]+\.deb", one["path"]) and re.fullmatch("[0-9a-f]{64}", one["sha256"])
    assert "http" not in build.LOCK.read_text()


def test_a_damaged_package_is_fetched_again_and_not_believed(tmp_path, monkeypatch):
    name, one = next(iter(LOCK["debian"].items()))
    (tmp_path / Path(one["path"]).name).write_bytes(b"something else")
    asked = []

    class Done:
        stderr, stdout = "404  Not Found\n", ""

    monkeypatch.setattr(debian, "mirror", lambda: "https://debian.invalid/")
    monkeypatch.setattr(debian.subprocess, "run", lambda command, **_: asked.append(command) or Done)
    with pytest.raises(debian.Missing, match=rf"1 of Debian's packages could not be had \({name}: 404  Not Found\)"):
        debian.fetch({name: one}, tmp_path)
    assert asked[0][-1] == f"SHA256:{one['sha256']}" and asked[0][-3] == "https://debian.invalid/" + one["path"]


def test_another_package_of_npm_under_the_same_version_is_refused(tmp_path, monkeypatch):
    (tmp_path / "v86-1.tgz").write_bytes(gzip.compress(b"something else"))
    monkeypatch.setattr(npm, "_run", lambda *_: "v86-1.tgz\n")
    with pytest.raises(debian.Missing, match="another v86 1 than"):
        npm.fetch({"v86": {"version": "1", "integrity": "sha512-x"}}, tmp_path)


@pytest.mark.parametrize(("there", "why"), [(False, "here is no apt"), (True, "apt knows no archive of Debian")])
def test_where_debian_is_not_to_be_had_one_sentence_says_so(monkeypatch, there, why):
    monkeypatch.setattr(debian.shutil, "which", lambda _: "/usr/bin/apt-get" if there else None)
    monkeypatch.setattr(debian, "HELPER", Path(__file__ if there else "/nowhere"))
    monkeypatch.setattr(debian, "_say", lambda *_: "Ubuntu|main|noble|https://ubuntu.invalid/\n")
    with pytest.raises(debian.Missing, match=why) as missing:
        debian.mirror()
    assert str(missing.value).count("\n") == 0


def test_what_scripts_and_cells_import_is_not_left_out():
    sources = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "code").glob("day*/**/*.py"))]
    sources += [source(cell) for cells in pages().values() for cell in cells if cell["cell_type"] == "code"]
    imported = {name.partition(".")[0] for text in sources for name in imports(text)}
    left_out = {name.partition(".")[0] for name in contents.NOT_IN_STDLIB}
    assert imported & left_out <= {"ssl"} and len(imported) > 50  # ssl: brought with the first import


def test_docstrings_go_and_asserts_stay(tmp_path):
    doc = '"""Gone."""'
    (tmp_path / "one.py").write_text(
        f"{doc}\n\ndef f(x):\n    {doc}\n    assert x, 'told'\n\n\nclass C:\n    {doc}\n")
    subprocess.run([sys.executable, build.HERE / "undocumented.py", tmp_path, "/there/"], check=True)
    (tmp_path / "one.py").unlink()
    told = subprocess.run([sys.executable, "-c", "import one; print(one.__doc__, one.f.__doc__, one.C.__doc__, "
                           "one.f.__code__.co_filename, one.f.__code__.co_firstlineno); one.f(0)"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert told.stdout == "None None None /there/one.py 3\n" and told.stderr.endswith("AssertionError: told\n")


def imports(text):
    """The names of the modules that a text imports; none of what is no Python."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:
        return []
    return [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names] + [
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]


def test_the_suite_s_own_archive_is_the_mirror(monkeypatch):
    monkeypatch.setattr(debian.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(debian, "HELPER", Path(__file__))
    monkeypatch.setattr(debian, "_say", lambda *_: (
        "Debian|main|bookworm-security|https://a.invalid/\nDebian|main|bookworm|https://b.invalid/debian/\n"))
    assert debian.mirror() == "https://b.invalid/debian/"


def test_nothing_is_done_when_nothing_has_changed(tmp_path, monkeypatch):
    out = tmp_path / "machine"
    out.mkdir()
    (out / "made-of").write_text(build.digest(ROOT))
    monkeypatch.setattr(build.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert build.build(ROOT, out, tmp_path, tmp_path) is None
    assert sorted(path.name for path in out.iterdir()) == ["made-of"]


def test_a_changed_script_is_another_machine(tmp_path):
    for folder in ("code/day2", "book/traces"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "code/day2/a.py").write_text("1")
    monkey = build.HERE
    try:
        build.HERE = tmp_path / "code"
        before = build.digest(tmp_path)
        (tmp_path / "code/day2/a.py").write_text("2")
        assert build.digest(tmp_path) != before
    finally:
        build.HERE = monkey


def test_what_is_booted_and_how_decides_whether_it_is_booted_again(tmp_path, monkeypatch):
    booted = []
    (tmp_path / "state.bin").write_bytes(stored(bytes(4096)))
    monkeypatch.setattr(build, "_boot", lambda *_: booted.append(1) or tmp_path / "state.bin")
    monkeypatch.setattr(build, "pack", lambda file, packed: packed.write_bytes(b""))
    (tmp_path / "initrd.cpio").write_bytes(b"one")
    rest = [build._stored(["node"], LOCK, tmp_path, tmp_path, tmp_path) for _ in range(2)]
    assert len(booted) == 1 and rest == [len(state.parts(stored(bytes(4096)))[0])] * 2
    (tmp_path / "initrd.cpio").write_bytes(b"two")
    build._stored(["node"], LOCK, tmp_path, tmp_path, tmp_path)
    monkeypatch.setattr(build, "MEMORY", build.MEMORY + 1)
    build._stored(["node"], LOCK, tmp_path, tmp_path, tmp_path)
    assert len(booted) == 3


def stored(memory, which=b"\1"):
    """A state as v86 stores one: JSON that names buffers, then these, each at a multiple of four."""
    cpu = [None] * 79 + [{"__state_type__": "Uint8Array", "buffer_id": 2}, [7]]
    cpu[77], cpu[78] = ({"__state_type__": "Uint8Array", "buffer_id": number} for number in (0, 1))
    return state._stored(cpu, [memory, which, b"other"])


def unfiltered(data):
    """What front/state.js does to each piece, by the definition: a call's target less where the call ends."""
    pieces = []
    for base in range(0, len(data), state.PIECE):
        piece, at = bytearray(data[base:base + state.PIECE]), 0
        while at < len(piece) - 4:
            if piece[at] in (0xE8, 0xE9):
                if piece[at + 4] in (0, 0xFF):
                    way = (int.from_bytes(piece[at + 1:at + 5], "little") - base - at - 5) % (1 << 25)
                    way -= (way >> 24) << 25
                    piece[at + 1:at + 5] = way.to_bytes(4, "little", signed=True)
                at += 5
            else:
                at += 1
        pieces.append(bytes(piece))
    return b"".join(pieces)


def test_a_state_is_taken_apart_and_what_is_left_is_a_state():
    code = bytes(random.Random(1).choices([0xE8, 0xE9, 0, 0xFF, 1, 2, 3], k=2 * state.PIECE))
    rest, which, pages = state.parts(stored(code, b"\3\7"))
    assert which == b"\3\7" and pages != code and unfiltered(pages) == code
    assert state.parts(rest) == (rest, bytes(2), b"") and b"other" in rest


def test_the_page_s_script_undoes_the_filter(tmp_path):
    if not shutil.which("node"):
        pytest.skip("lacks node, to run the page's script")
    code = bytes(random.Random(2).choices([0xE8, 0xE9, 0, 0xFF, 1, 2, 3], k=state.PIECE + 8192))
    (tmp_path / "pages").write_bytes(state.filtered(code))
    script = """import { readFileSync, writeFileSync } from "node:fs"; import { fill } from %r;
      const data = readFileSync("pages"), memory = new Uint8Array(data.length + 4096);
      let at = 0;
      const bits = new Uint8Array(data.length / 32768 + 1).fill(255);
      bits[0] = 0xfd; bits[bits.length - 1] = 7;  // all but page 1
      fill((length) => data.subarray(at, (at += length)), bits, (bytes, to) => memory.set(bytes, to));
      writeFileSync("memory", memory);""" % str(build.HERE / "front/state.js")
    (tmp_path / "run.mjs").write_text(script)
    done = subprocess.run(["node", "run.mjs"], cwd=tmp_path, capture_output=True, text=True)
    memory = (tmp_path / "memory").read_bytes() if not done.returncode else done.stderr
    assert memory == code[:4096] + bytes(4096) + code[4096:]


@pytest.mark.parametrize("broken", [b"", bytes(16), b"\x76\x86\x76\x86\7" + bytes(30)])
def test_another_format_of_the_emulator_s_state_is_refused(broken):
    with pytest.raises(ValueError, match="not a state of v86's format 6"):
        state.parts(broken)


def test_all_bytes_come_back_from_a_script_in_latin_1():
    data = bytes(range(256)) * 2
    text = build.quoted(data).decode("latin-1")
    read = re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), text)
    assert read.encode("latin-1") == data and not re.search(r"[\n\r]|(?<!\\)(?:\\\\)*'", text)


def test_a_missing_packer_is_said_in_one_sentence_and_by_a_status_of_its_own(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "iolab.machine", tmp_path / "machine", "--project", ROOT, "--cache", tmp_path / "cache"],
        env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT / "code")}, capture_output=True, text=True)
    assert done.returncode == 3 and done.stderr.count("\n") == 1 and "zstd" in done.stderr, done.stderr
    assert not (tmp_path / "machine").exists()


def test_the_boot_is_ordered_with_what_boot_mjs_reads():
    text = (build.HERE / "boot.mjs").read_text()
    asked = set(re.findall(r"order\.(\w+)", text))
    assert asked == {"v86", "wasm", "bios", "vgaBios", "kernel", "initrd", "memory", "warm", "state"}
    assert json.dumps(build.WARM)
