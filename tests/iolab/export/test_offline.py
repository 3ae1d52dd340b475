"""The zip of the HTML: the same bytes each time, names that Windows takes, nothing left of what is left out."""

import os
import re
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iolab.export import archive, notices, offline
from iolab.export.about import About, about
from iolab.sphinxext import edition

ROOT = Path(__file__).parent.parent.parent.parent
FACTS = About("书", "组", "zh-CN", "9.8.7", datetime(2026, 1, 2, tzinfo=UTC), "© 组", "MIT")
PAGE = """<html><head><script src="../_static/machine/main.js" defer="defer"></script>
<script src="../_static/player.js"></script></head><body>页</body></html>"""
UTF8 = 0x800  # the flag of an entry's name


@pytest.fixture
def html(tmp_path):
    folder = tmp_path / "html"
    for name, text in {"index.html": PAGE, "文件/一.html": PAGE, "_static/player.js": "1", ".buildinfo": "x",
                       "_static/machine/main.js": "2", "_static/machine/linux.bin": "3",
                       **dict.fromkeys(offline.LICENCES, "free")}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_made_twice_it_is_the_same(html, tmp_path):
    first = offline.make(html, FACTS, tmp_path / "a").read_bytes()
    moved = html.rename(tmp_path / "moved")
    for path in moved.rglob("*.html"):
        os.utime(path, (10, 10))
        path.chmod(0o600)
    assert offline.make(moved, FACTS, tmp_path / "b").read_bytes() == first


def test_it_holds_the_book_without_its_linux(html, tmp_path):
    path = offline.make(html, FACTS, tmp_path)
    assert path.name == "io-concurrency-9.8.7-html.zip"
    with zipfile.ZipFile(path) as made:
        names = made.namelist()
        page = made.read("文件/一.html").decode()
        readme = made.read("先读我.txt")
    assert names == sorted(names) == ["LICENSE-CC-BY-4.0.txt", "LICENSE.txt", "NOTICES.txt", "_static/player.js",
                                      "index.html", "先读我.txt", "文件/一.html"]
    assert "machine" not in page and 'src="../_static/player.js"' in page, "it would ask for what is not there"
    assert readme.startswith("\ufeff".encode()) and "9.8.7" in readme.decode() and b"\r\n" in readme


def test_names_beyond_ascii_are_flagged(html, tmp_path):
    with zipfile.ZipFile(offline.make(html, FACTS, tmp_path)) as made:
        flagged = {entry.filename for entry in made.infolist() if entry.flag_bits & UTF8}
    assert flagged == {"文件/一.html", "先读我.txt"}


@pytest.mark.parametrize(("name", "word"), [
    ("files/a:b.html", "':'"), ("a?.js", "not allowed"), ("files/aux.html", "aux"), ("COM1", "not allowed"),
    ("folder./x", "not allowed"), ("x ", "not allowed"), ("a/" * 70 + "b.html", "characters"),
    ("A.html", "a.html and A.html: the same"),
])
def test_what_windows_refuses_is_refused(name, word):
    told = offline.illegal([name, "a.html"])
    assert len(told) == 1 and word in told[0]


def test_harmless_names_pass():
    assert offline.illegal(["auxiliary.html", "_static/console.js", "com/x.py", "文件/一.html", "a.b/c-d_e.js"]) == []


def test_a_refused_name_stops_it(html, tmp_path):
    (html / "a?.html").write_text("x")
    with pytest.raises(ValueError, match=r"a\?\.html"):
        offline.make(html, FACTS, tmp_path)
    assert not list(tmp_path.glob("*.zip"))


def test_without_a_licence_there_is_no_copy(html, tmp_path):
    (html / "LICENSE.txt").unlink()
    with pytest.raises(ValueError, match=r"LICENSE\.txt, which must go with every copy"):
        offline.make(html, FACTS, tmp_path)


def test_what_must_come_first_must_be_there(tmp_path):
    with pytest.raises(ValueError, match="mimetype"):
        archive.write(tmp_path / "x.zip", {"a": b""}, first=("mimetype",))


def test_notices_carry_the_licences_of_what_is_bundled():
    text = notices.text()
    for name in notices.BUNDLED:
        head = text.index(f"=== {name} ")
        assert "opyright" in text[head:head + 2000], f"no licence of {name}"
    assert "=== nothing" not in notices.text(["nothing-of-that-name"])


def test_facts_come_from_where_they_stand(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/_config.yml").write_text(
        "title: 书\nauthor: 组\ncopyright: '2031'\nsphinx: {config: {language: zh_TW}}\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\nversion = '3.1'\n")
    (tmp_path / "LICENSE").write_text("MIT of 组", encoding="utf-8")
    (tmp_path / "index.html").write_text(edition.TOLD.format("full", "书 &amp; 图"), encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    found = about(tmp_path, tmp_path)
    assert (found.title, found.author, found.language, found.version) == ("书 & 图", "组", "zh-TW", "3.1")
    assert found.date == datetime(1970, 1, 2, tzinfo=UTC) and "2031 组" in found.rights and "CC BY" in found.rights
    assert found.file("epub") == "io-concurrency-3.1.epub" and found.licence == "MIT of 组"
    (tmp_path / "index.html").write_text(edition.TOLD.format("student", "书（学生版）"), encoding="utf-8")
    students = about(tmp_path, tmp_path)
    assert students.title == "书（学生版）" and students.file("epub") == "io-concurrency-3.1-student.epub"
    assert students.identifier != found.identifier
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    date = about(tmp_path, tmp_path).date
    assert date == datetime(2031, 1, 1, tzinfo=UTC), "without history the year is all that is known"
    (tmp_path / "index.html").write_text("<title>书</title>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"index\.html does not say which edition it is.*make book"):
        about(tmp_path, tmp_path)


def test_the_changelog_knows_the_version():
    versions = re.findall(r"^## \[([\d.]+)\] - (Unreleased|\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(
        encoding="utf-8"), re.MULTILINE)
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] in dict(versions)
    assert [number for number, _ in versions] == sorted(dict(versions), reverse=True)
