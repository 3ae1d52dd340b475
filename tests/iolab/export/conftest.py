"""A small book of three real pages, built as the whole one is."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent.parent
PAGES = ["files/buffer-offset", "network/tcp-socket"]
TOC = """\
format: jb-book
root: index
parts:
  - caption: 文件
    chapters: [{file: files/buffer-offset}]
  - caption: 网络
    chapters: [{file: network/tcp-socket}, {file: network/review}]
"""
INDEX = "# 小书\n\n先读[缓冲](files/buffer-offset.ipynb)，再读{ref}`listen() <listen>`。也看<https://www.python.org/>。\n"
ELSEWHERE = re.compile(r"\]\((?![^)]*(?:buffer-offset|tcp-socket))[\w./-]+\.(?:ipynb|md)[^)]*\)")  # left out here
REVIEW = "# 错题重做\n\n```{question-review}\n```\n"


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A folder like the project's: LICENSE, pyproject.toml, and book with its HTML in book/_build/html."""
    project = tmp_path_factory.mktemp("书 with spaces")
    book = project / "book"
    for name in ("LICENSE", "LICENSE-CC-BY-4.0", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    for page in PAGES:
        target = book / page
        target.parent.mkdir(parents=True)
        shutil.copy(ROOT / "book" / f"{page}.questions.yml", target.parent)
        text = (ROOT / "book" / f"{page}.ipynb").read_text(encoding="utf-8")
        (book / f"{page}.ipynb").write_text(ELSEWHERE.sub("](../index.md)", text), encoding="utf-8")
    shutil.copytree(ROOT / "book" / "_static", book / "_static", ignore=shutil.ignore_patterns("machine"))
    shutil.copy(ROOT / "book" / "_config.yml", book)
    for name, text in {"_toc.yml": TOC, "index.md": INDEX, "network/review.md": REVIEW}.items():
        (book / name).write_text(text, encoding="utf-8")
    command = [Path(sys.executable).parent / "jupyter-book", "build", "-q", book]
    build = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=200)
    assert (book / "_build/html/network/tcp-socket.html").exists(), build.stdout[-2000:] + build.stderr[-2000:]
    return project


@pytest.fixture(scope="session")
def html(project):
    return project / "book" / "_build" / "html"
