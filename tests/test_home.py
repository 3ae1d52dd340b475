"""Where the book is at home: what its setup says, what its files promise, and what works where something lacks."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pages import ROOT

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path):
    """A copy of what make needs, in a folder with a space and Chinese, without git."""
    there = tmp_path / "书 io"
    shutil.copytree(ROOT / ".ci", there / ".ci")
    for name in ("Makefile", "requirements.txt", "requirements-tests.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, there)
    (there / "book").mkdir()
    return there


def setup(checkout, bin, *words, **env):
    """Run .ci/setup as in a zip (not executable) with only the programs of `bin`; return its status and its output."""
    for name in ("sh", "dirname", "cat", "cksum", "head", "rm", "mkdir", "cp", "id"):
        if not (bin / name).exists():
            bin.mkdir(exist_ok=True)
            (bin / name).symlink_to(shutil.which(name))
    done = subprocess.run(["sh", ".ci/setup", *words], cwd=checkout, env={"PATH": str(bin), **env}, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def python(version):
    """A program that answers setup's questions like a Python of this version, and has neither venv nor ensurepip."""
    supported = (3, 11) <= tuple(map(int, version.split("."))) < (3, 16)
    return (f'case "$2" in *"version_info <"*) exit {0 if supported else 1};; *ensurepip*) exit 1;; '
            f'*version_info*) echo {version};; *) echo "Python {version}.1";; esac')


def test_an_old_python_is_refused_in_one_sentence(checkout, tmp_path):
    program(tmp_path / "bin/python3", python("3.9"))
    status, said = setup(checkout, tmp_path / "bin")
    assert status == 1 and said == ("The book needs Python 3.11 to 3.15, but python3 is 3.9: "
                                    "install one, or name it: make PYTHON=/path/to/python3\n")


def test_no_python_is_told_in_one_sentence(checkout, tmp_path):
    status, said = setup(checkout, tmp_path / "bin")
    assert status == 1 and said.count("\n") == 1 and "python3 was not found" in said


@pytest.mark.parametrize("version", ["3.11", "3.13", "3.14", "3.15"])
def test_the_package_that_lacks_is_named_by_its_version(checkout, tmp_path, version):
    program(tmp_path / "bin/python3", python("3.9"))
    program(tmp_path / f"bin/python{version}", python(version))
    status, said = setup(checkout, tmp_path / "bin")
    assert status == 1 and said.count("\n") == 1 and f"apt-get install python{version}-venv" in said


def test_lab_needs_no_git_and_no_home(checkout, tmp_path):
    """As from a zip: the pages are trusted by their names, and nobody waits for standard input."""
    (checkout / "book/files").mkdir()
    for name in ("io", "两 页"):
        (checkout / f"book/files/{name}.ipynb").write_text("{}")
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to(sys.executable)
    program(checkout / ".venv/bin/jupyter", 'printf "%s|" "$HOME" "$@" >> "$LOG"; cat >> "$LOG"; echo >> "$LOG"')
    wanted = subprocess.run("cat requirements.txt pyproject.toml .ci/jupyterlab-overrides.json | cksum", shell=True,
                            cwd=checkout, capture_output=True, text=True).stdout
    (checkout / ".venv/installed").write_text(wanted)
    home, log = tmp_path / "nowhere", tmp_path / "log"
    subprocess.run(["make", "lab"], cwd=checkout, env={**os.environ, "HOME": str(home), "LOG": str(log)},
                   stdin=subprocess.DEVNULL, check=True, timeout=60)
    trust, lab = log.read_text().splitlines()
    here, verb, *pages = trust.strip("|").split("|")
    assert verb == "trust" and sorted(pages) == ["book/files/io.ipynb", "book/files/两 页.ipynb"]
    assert here == str(checkout / ".venv/home") and lab.startswith(f"{here}|lab|")


def test_the_folder_above_the_book_is_refused_in_one_sentence(tmp_path):
    command = [Path(sys.executable).parent / "jupyter-book", "build", "--path-output", tmp_path, "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1] == (
        "The book is in the folder book: run `jupyter-book build book`, or `make book`.")


def test_the_settings_of_the_book_are_files_of_their_own():
    """A checkout without symbolic links (Windows, some zips) turns a link into a file that holds a path."""
    for name in ("_config.yml", "_toc.yml"):
        assert not (ROOT / "book" / name).is_symlink()
        assert (ROOT / name).read_text(encoding="utf-8") in (f"book/{name}", (ROOT / f"book/{name}").read_text("utf-8"))


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_what_a_readme_names_exists(readme):
    text = readme.read_text(encoding="utf-8")
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    unknown = [word for word in re.findall(r"\bmake ([a-z]+)\b", text) if word not in targets]
    paths = re.findall(r"(?:python|-r) ([\w./-]+\.(?:py|txt))|\]\((?!http)([^)#]+)\)|`((?:book|code|tests)/[\w./-]*)`",
                       text)
    lost = [name for name in map("".join, paths) if not (ROOT / name).exists()]
    assert len(re.findall(r"\bmake [a-z]+", text)) > 5 and len(paths) > 8
    assert not unknown and not lost, f"{unknown} {lost}"


def test_all_say_the_same_versions_of_python():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [name.rpartition(" ")[2] for name in project["classifiers"] if re.search(r"Python :: 3\.\d+$", name)]
    first, last = versions[0], versions[-1]
    assert project["requires-python"] == f">={first}" and f"{sys.version_info[0]}.{sys.version_info[1]}" in versions
    assert f"Python {first} to {last}" in READMES[0].read_text("utf-8")
    for path in (READMES[1], ROOT / "book/index.md"):
        assert f"Python {first} 到 {last}" in path.read_text("utf-8")
    assert f"needs Python {first} to {last}" in (ROOT / ".ci/setup").read_text("utf-8")


def test_what_carries_a_version_carries_the_newest_of_the_changelog():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extension = json.loads((ROOT / "code/iolab/labextensions/iolab-book/package.json").read_text(encoding="utf-8"))
    newest = re.search(r"^## \[([\d.]+)\] - (?:\d{4}-\d\d-\d\d|Unreleased)$",
                       (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert project["version"] == extension["version"] == newest[1]


def test_the_licences_and_the_source_of_the_notes_are_named():
    assert "MIT License" in (ROOT / "LICENSE").read_text("utf-8")
    legal = (ROOT / "LICENSE-CC-BY-4.0").read_text("utf-8")
    assert legal.strip().startswith("Attribution 4.0 International") and "Section 8 -- Interpretation." in legal
    for path in READMES:
        text = path.read_text("utf-8")
        assert "](LICENSE)" in text and "](LICENSE-CC-BY-4.0)" in text
    for path in [*READMES, ROOT / "book/appendix/errata.md"]:
        assert "IO并发编程" in path.read_text("utf-8") and "吕泽" in path.read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "MIT AND CC-BY-4.0"
    assert all((ROOT / name).exists() for name in project["license-files"])
