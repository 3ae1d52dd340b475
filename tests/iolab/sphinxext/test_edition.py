"""The two editions: what a teacher's book folds, no file of the student's has."""

import html
import json
import os
import re
import subprocess
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from sphinx.errors import ConfigError, ExtensionError
from sphinx_exercise.nodes import solution_node

from cells import BOOK
from iolab.export import about
from iolab.sphinxext import edition
from small_book import ROOT, begin, build, notebook

TOC = "format: jb-book\nroot: index\nchapters: [{file: part/tcp}, {file: part/again}]\n"
SECRET, WORDS = "secret_helper", "数着收才行"
SOLUTION = f"""\
```{{solution}} one
:class: dropdown

    def {SECRET}(data):
        return data

{WORDS}。
```
"""
EXERCISE = "```{{exercise}} ★ 试试\n:label: {}\n\n写 `f`。\n```\n\n"
QUESTIONS = "size: {ask: 多大呢？, right: 5, shows: '有 {right} 个', choices: {5: 正好五个。, 0: 不是。}}\n"


def write(book):
    new = nbformat.v4
    begin(book, TOC)
    (book / "part").mkdir()
    (book / "index.md").write_text("# 小书\n\n先做<!--full-->，再展开解答<!--/full-->。\n", encoding="utf-8")
    (book / "part" / "again.md").write_text(
        "# 再来\n\n```{question-review}\n```\n\n" + EXERCISE.format("two")
        + f":::{{solution}} two\n\n```python\n{SECRET} = 2\n```\n:::\n", encoding="utf-8")
    (book / "part" / "tcp.questions.yml").write_text(QUESTIONS, encoding="utf-8")
    nbformat.write(notebook([
        new.new_markdown_cell("# 传输\n\n## 练习\n\n" + EXERCISE.format("one")),
        new.new_code_cell("f = None  # 换成你的", metadata={"tags": ["answer:one"]}),
        new.new_code_cell("check(f, ((1,), 11))", metadata={"tags": ["check:one"]}),
        new.new_markdown_cell(SOLUTION),
        new.new_markdown_cell(SOLUTION.replace("} one", "} three") + "\n" + EXERCISE.format("three")),
    ]), book / "part" / "tcp.ipynb")


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """{edition: the folder of its HTML}, both built from one folder."""
    book = tmp_path_factory.mktemp("two") / "book"
    write(book)
    sources = {path: path.read_bytes() for path in book.rglob("*") if path.is_file()}
    folders = {}
    for name in edition.EDITIONS:
        built = build(book, "--path-output", f"out/{name}", **{edition.VARIABLE: name})
        assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-3000:]
        folders[name] = book.parent / "out" / name / "_build" / "html"
    assert {path: path.read_bytes() for path in sources} == sources, "the sources stay as they are"
    return folders


def files_with(folder, text):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")
            if path.is_file() and text.encode() in path.read_bytes()}


def test_no_file_of_the_students_edition_has_a_solution(editions):
    in_pages = {"part/tcp.html", "part/again.html", "_sources/part/tcp.ipynb", "_sources/part/again.md"}
    assert files_with(editions["full"], SECRET) == in_pages, "or this test would find nothing"
    assert files_with(editions["full"], WORDS) == in_pages - {"part/again.html", "_sources/part/again.md"}
    assert not files_with(editions["student"], SECRET) and not files_with(editions["student"], WORDS)
    assert not files_with(editions["student"], "{solution}")


def test_all_else_is_in_both(editions):
    for folder in editions.values():
        page = (folder / "part/tcp.html").read_text(encoding="utf-8")
        assert page.count('<div class="exercise') == 2 and "换成你的" in page and "check(" in page
        downloaded = nbformat.read(folder / "_sources/part/tcp.ipynb", 4)
        nbformat.validate(downloaded)
        assert [cell.source for cell in downloaded.cells if cell.cell_type == "code"] == [
            "f = None  # 换成你的", "check(f, ((1,), 11))"]
        assert "写 `f`" in downloaded.cells[-1].source
    assert len(nbformat.read(editions["student"] / "_sources/part/tcp.ipynb", 4).cells) == 4


def test_what_is_said_of_solutions_is_said_where_they_are(editions):
    texts = {name: (folder / "index.html").read_text(encoding="utf-8") for name, folder in editions.items()}
    assert "先做，再展开解答。" in texts["full"] and "先做。" in texts["student"]
    assert not [name for name, text in texts.items() if "full-->" in text]
    titles = {name: re.search(r"<title>(.*?)</title>", text, re.S)[1] for name, text in texts.items()}
    assert "学生版" in titles["student"] and "学生版" not in titles["full"]
    told = {name: about.told(folder / "index.html") for name, folder in editions.items()}
    assert told == {name: (name, title.rpartition("— ")[2]) for name, title in (
        (name, html.unescape(title)) for name, title in titles.items())}


def test_the_file_of_all_questions_is_the_teachers(editions):
    assert (editions["full"] / "questions.yml").exists() and not (editions["student"] / "questions.yml").exists()
    linked = {name: "questions.yml" in (folder / "part/again.html").read_text(encoding="utf-8")
              for name, folder in editions.items()}
    assert linked == {"full": True, "student": False}


@pytest.mark.parametrize("page", sorted(str(path.relative_to(BOOK)) for path in BOOK.glob("*/*.ipynb")))
def test_every_solution_of_the_book_can_be_left_out(page):
    text = (BOOK / page).read_text(encoding="utf-8")
    kept = edition.of_source(page, text, "student")
    assert "{solution" not in kept and edition.of_source(page, text, "full") == text
    gone = json.dumps(text).count("{solution}")
    assert json.loads(kept)["metadata"] == json.loads(text)["metadata"]
    assert kept.count("{exercise}") == text.count("{exercise}") and (gone == 0) == (kept == text)


@pytest.mark.parametrize(("markdown", "kept"), [
    ("甲\n\n```{solution} x\n:class: dropdown\n\n乙\n```\n\n丙\n", "甲\n\n\n丙\n"),
    ("````{solution} x\n```python\n乙\n```\n````\n丙", "丙"),
    ("```{solution} x\n乙\n```", ""),
    ("```python\nprint('{solution}')\n```\n", "```python\nprint('{solution}')\n```\n"),
    (":::{solution} x\n乙\n:::\n```{exercise} y\n丙\n```\n", "```{exercise} y\n丙\n```\n"),
])
def test_a_solution_goes_and_what_stands_beside_it_stays(markdown, kept):
    assert edition.of_markdown(markdown, "student") == kept
    assert edition.of_markdown(markdown, "full") == markdown


def test_what_could_not_be_left_out_fails_the_build():
    app = SimpleNamespace(config=SimpleNamespace(iolab_edition="student"), env=SimpleNamespace(docname="part/tcp"))
    page = nodes.container("", nodes.bullet_list("", nodes.list_item("", solution_node())))
    with pytest.raises(ExtensionError, match="part/tcp: the student edition cannot leave out the solution"):
        edition.refuse_what_is_left(app, page)
    edition.refuse_what_is_left(app, nodes.container())
    app.config.iolab_edition = "full"
    edition.refuse_what_is_left(app, page)


@pytest.mark.parametrize(("name", "folder"), [("full", "book/_build/html/"), ("student", "book/_build/student/")])
def test_make_builds_an_edition_in_a_folder_of_its_own(name, folder):
    told = subprocess.run(["make", "-Bn", "book", f"EDITION={name}"], cwd=ROOT, capture_output=True, text=True,
                          check=True, env={**os.environ, "MAKEFLAGS": ""}).stdout
    assert f"{edition.VARIABLE}='{name}' .venv/bin/jupyter-book" in told
    assert re.search(rf"The book: .*/{folder}", told) and told.count("--path-output book/_build/student ") == (
        name == "student")


def test_an_edition_that_is_none_is_refused():
    with pytest.raises(ConfigError, match="'students', but there are only full and student"):
        edition.check(None, SimpleNamespace(iolab_edition="students"))
