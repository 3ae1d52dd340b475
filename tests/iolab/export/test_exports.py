"""A small book as EPUB, PDF and zip: whole, valid as far as one can see without other tools, and found by its words."""

import io
import os
import posixpath
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from importlib.metadata import distribution
from urllib.parse import unquote, urlsplit

import pytest
from pypdf import PdfReader

from iolab.export import epub, notices, offline, tree
from iolab.export.about import ENDINGS, TOLD, about
from iolab.words.python import CHINESE
from pages import ROOT

NS = {"opf": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/", "h": tree.XHTML}
E_READER = {"width": 600, "height": 800}  # of six inches
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def facts(project, html):
    return about(project, html)


@pytest.fixture(scope="module")
def book(project, html, facts, tmp_path_factory):
    return epub.make(html, project / "book/_toc.yml", facts, tmp_path_factory.mktemp("epub"))


@pytest.fixture(scope="module")
def opened(book):
    with zipfile.ZipFile(book) as made:
        return {name: made.read(name) for name in made.namelist()}


@pytest.fixture(scope="module")
def package(opened):
    return ET.fromstring(opened["EPUB/book.opf"])


@pytest.fixture(scope="module")
def printed(project, html, facts, browser, tmp_path_factory):
    """The PDF; ``browser`` only to be left out where there is none."""
    pytest.importorskip("pikepdf", reason="lacks pikepdf: `make test` installs it")
    out = tmp_path_factory.mktemp("pdf")
    done = subprocess.run([sys.executable, "-m", "iolab.export", "pdf", "--html", html, "--out", out, "--project",
                           project], capture_output=True, text=True, timeout=200)  # playwright runs once a process
    assert done.returncode == 0, done.stderr
    path = out / facts.file("pdf")
    assert done.stdout.split() == [f"{path.stat().st_size / 1e6:.2f}", "MB", str(path)]
    return PdfReader(path)


@pytest.fixture(scope="module")
def words(printed):
    """The text of each page without white space and the number below it."""
    return [plain(page.extract_text()).removesuffix(str(number)) for number, page in enumerate(printed.pages, 1)]


def plain(text):
    return re.sub(r"\s", "", text)


def documents(opened):
    return {name: ET.fromstring(text) for name, text in opened.items() if name.endswith(".xhtml")}


def ids(document):
    return [one.get("id") for one in document.iter() if one.get("id")]


def test_an_epub_made_twice_is_the_same(project, html, facts, book, tmp_path):
    assert epub.make(html, project / "book/_toc.yml", facts, tmp_path).read_bytes() == book.read_bytes()


def test_an_epub_begins_with_its_kind(book, opened):
    assert book.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    path = ET.fromstring(opened["META-INF/container.xml"])[0][0].get("full-path")
    assert path in opened


def test_an_epub_lists_what_it_holds(opened, package):
    items = {one.get("id"): one for one in package.find("opf:manifest", NS)}
    held = {posixpath.join("EPUB", one.get("href")) for one in items.values()}
    assert held == set(opened) - {"mimetype", "META-INF/container.xml", "EPUB/book.opf"}
    spine = [items[one.get("idref")].get("href") for one in package.find("opf:spine", NS)]
    assert spine == ["text/cover.xhtml", "nav.xhtml", "text/index.xhtml", "text/files-buffer-offset.xhtml",
                     "text/network-tcp-socket.xhtml", "text/rights.xhtml"], "and no page that only a script fills"
    drawn = {one.get("href") for one in items.values() if one.get("properties") == "svg"}
    assert drawn == {name.removeprefix("EPUB/") for name, text in opened.items()
                     if name.endswith(".xhtml") and b"<svg" in text}


def test_an_epub_says_whose_it_is(package, facts):
    said = {one.tag.partition("}")[2]: one.text for one in package.find("opf:metadata", NS)}
    assert said["title"] == "IO 并发编程" and said["creator"] == facts.author and said["language"] == "zh-CN"
    assert "CC BY 4.0" in said["rights"] and "MIT" in said["rights"] and said["date"] == f"{facts.date:%Y-%m-%d}"
    metas = {one.get("property"): one.text for one in package.findall("opf:metadata/opf:meta", NS)}
    assert metas["dcterms:license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert metas["dcterms:modified"] == f"{facts.date:%Y-%m-%dT%H:%M:%SZ}"


def test_every_copy_carries_the_licence_of_the_code(opened, words, facts):
    assert plain(facts.licence) in plain("".join(ET.fromstring(opened["EPUB/text/rights.xhtml"]).itertext()))
    assert plain(facts.licence) in "".join(words[-3:])


def test_every_link_in_an_epub_arrives(opened):
    read = documents(opened)
    places = {name: ids(document) for name, document in read.items()}
    assert not [name for name, found in places.items() if len(found) != len(set(found))]
    lost, arrived = [], 0
    for name, document in read.items():
        for one in document.iter():
            for key in ("href", "src", f"{{{tree.XLINK}}}href"):
                link = one.get(key)
                if link is None or (urlsplit(link).scheme and tree.name(one) == "a"):
                    continue
                path, _, anchor = link.partition("#")
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path))) if path else name
                if target not in opened or (anchor and unquote(anchor) not in places[target]):
                    lost.append(f"{name}: {link}")
                arrived += 1
    assert lost == [] and arrived > 100


def test_an_epub_asks_nobody_and_runs_nothing(opened):
    read = documents(opened)
    assert not [one for document in read.values() for one in tree.find(document, "script", "iframe", "form", "object")]
    css = opened["EPUB/style.css"].decode()
    assert "url(" not in css and "@import" not in css
    assert not [name for name, text in opened.items() if name.endswith(".xhtml") and b"var(--" in text]


def test_an_epub_has_a_table_of_contents(opened):
    nav = ET.fromstring(opened["EPUB/nav.xhtml"]).find(".//h:nav", NS)
    top = [tree.words(one[0]) for one in nav.find("h:ol", NS)]
    assert top == ["小书", "文件", "网络", "许可"]
    chapter = nav.find("h:ol", NS)[2].find("h:ol", NS)[0]
    below = [tree.words(one) for one in chapter.find("h:ol", NS)]
    assert tree.words(chapter[0]) == "TCP 套接字" and below[0] == "套接字介绍" and below[-2:] == ["答案", "整个脚本"]


def test_code_fits_a_screen_of_six_inches(book, tabs, tmp_path):
    with zipfile.ZipFile(book) as made:
        made.extractall(tmp_path)
    with tabs.open(viewport=E_READER) as tab:
        for width in (600, 360):
            tab.set_viewport_size({**E_READER, "width": width})
            for page in sorted((tmp_path / "EPUB").rglob("*.xhtml")):
                tab.goto(page.as_uri())
                assert tab.evaluate(WIDER) <= 0, f"{page.name} is wider than {width}"


def test_a_pdf_has_an_outline(printed):
    def titles(entries):
        return [titles(one) if isinstance(one, list) else one.title for one in entries]

    found = titles(printed.outline)
    assert [one for one in found if isinstance(one, str)] == ["目录", "小书", "文件", "网络", "许可"]
    chapters = found[found.index("网络") + 1]
    assert chapters[0] == "TCP 套接字" and "套接字介绍" in chapters[1] and "答案" in chapters[1]


def test_every_link_in_a_pdf_arrives(printed):
    known, links = printed.named_destinations, []
    for page in printed.pages:
        links += [one.get_object() for one in page.get("/Annots", ())]
    inside = [one["/Dest"] for one in links if "/Dest" in one]
    outside = [one["/A"]["/URI"] for one in links if "/A" in one]
    assert len(inside) > 60 and not [name for name in inside if str(name) not in known]
    assert not [uri for uri in outside if uri.startswith("file:")], "a link to a file of the machine that made it"
    assert "https://www.python.org/" in outside


def test_the_contents_of_a_pdf_name_the_right_pages(words):
    told = dict(re.findall(r"(缓冲、偏移量和描述符|TCP套接字|小书)(\d+)", words[1]))
    assert len(told) == 3
    for title, number in told.items():
        assert title in words[int(number) - 1][:60]


def test_no_line_of_code_is_lost_in_a_pdf(words, opened):
    found = "".join(words)
    lines = [plain("".join(one.itertext()))
             for name in ("files-buffer-offset", "network-tcp-socket")
             for one in tree.find(ET.fromstring(opened[f"EPUB/text/{name}.xhtml"]), "span", class_="line")]
    assert len(lines) > 400 and [line for line in lines if line not in found] == []


def test_words_of_a_pdf_are_found_as_they_are_typed(words):
    text = "".join(words)
    assert not re.findall("[\u2e80-\u2fdf]", text), "radicals in place of the characters that people type"
    for word in ("套接字", "缓冲区", "文件描述符", "监听套接字", "用时：约30分钟"):
        assert word in text


def test_a_pdf_says_whose_it_is(printed, facts):
    said = printed.metadata
    assert (said.title, said.author) == (facts.title, facts.author)
    assert "CC BY 4.0" in said.subject and said.creation_date == facts.date
    assert printed.trailer["/Root"]["/Lang"] == "zh-CN"
    xmp = printed.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert re.search("WebStatement[^>]*>https://creativecommons.org/licenses/by/4.0/<", xmp) and facts.rights in xmp


def test_the_names_in_a_pdf_are_short(printed):
    assert max(len(name.encode()) for name in printed.named_destinations) <= 127, "longer ones are against its standard"


def test_the_zip_opens_from_any_folder(html, facts, tabs, tmp_path):
    folder = tmp_path / "我的 书 (1)"
    with zipfile.ZipFile(io.BytesIO(offline.make(html, facts, tmp_path).read_bytes())) as made:
        made.extractall(folder)
    trouble = []
    with tabs.open(viewport={"width": 1280, "height": 900}) as tab:
        tab.context.route(lambda url: not url.startswith((folder.as_uri(), "data:")), lambda route: (
            trouble.append(route.request.url), route.abort()))
        tab.on("requestfailed", lambda request: trouble.append(request.url))
        tab.on("console", lambda message: trouble.append(message.text))
        tab.goto((folder / "index.html").as_uri())
        tab.locator("article a", has_text="缓冲").click()
        assert tab.locator("article h1").inner_text().startswith("缓冲、偏移量和描述符")
        assert tab.locator("article .io-panel").first.is_visible(), "the player's script was not found"
    assert trouble == []


MADE_BY = {"basic.css": "Sphinx", "language_data.js": "Sphinx", "translations.js": "Sphinx", "pygments.css": "Pygments",
           "copybutton.js": "sphinx-copybutton", "theme-used.css": "pydata-sphinx-theme"}  # from a template or in parts
OWN = re.compile(r"(?:level|picture|again)-[\w-]+\.js|search-index\.js|documentation_options\.js")


def test_every_file_of_others_in_the_html_has_its_notice(html):
    folders = [ROOT / "code/iolab", ROOT / "book/_static"]
    own = {path.name for folder in folders for path in folder.rglob("*")}
    packages = {file.name: name for name in notices.BUNDLED for file in distribution(name).files} | MADE_BY
    unknown, used = [], set()
    for path in (html / "_static").rglob("*"):
        name = re.sub(r"^mystnb\.[0-9a-f]+\.css$", "mystnb.css", path.name)
        if path.is_file() and name not in own and not OWN.fullmatch(name):
            used.add(packages.get(name))
            unknown += [name] if name not in packages else []
    assert not unknown and used == set(notices.BUNDLED)


def test_what_is_missing_is_said(tmp_path, project, html):
    def export(*arguments):
        return subprocess.run([sys.executable, "-m", "iolab.export", *arguments], capture_output=True, text=True,
                              timeout=60)

    done = export("epub", "--html", tmp_path)
    assert done.returncode == 1 and done.stderr == f"No book in {tmp_path}: run make book first.\n"
    done = export("sums", "--html", html, "--out", tmp_path, "--project", project)
    assert done.returncode == 1 and "make release" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "file").write_text("")
    for kind in ("offline", "epub"):
        done = export(kind, "--html", html, "--out", tmp_path / "file", "--project", project)
        assert done.returncode == 1 and "file" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "pikepdf.py").write_text("import no_such_library")
    done = subprocess.run([sys.executable, "-m", "iolab.export", "pdf", "--html", html, "--project", project],
                          env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, timeout=60)
    assert done.stderr.startswith("pdf needs no_such_library: pip install") and done.stderr.count("\n") == 1
    done = export("epub", "--html", html, "--out", tmp_path, "--project", tmp_path)
    assert done.returncode == 1 and "_config.yml" in done.stderr and "Traceback" not in done.stderr


def test_sums_are_those_of_the_files_of_both_editions(tmp_path, project, html, facts):
    for kind in ENDINGS:
        (tmp_path / facts.file(kind)).write_text(kind)
        (tmp_path / replace(facts, edition="student").file(kind)).write_text("less")
        (tmp_path / replace(facts, version="0.1").file(kind)).write_text("older")
    done = subprocess.run([sys.executable, "-m", "iolab.export", "sums", "--html", html, "--out", tmp_path, "--project",
                           project], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stdout.count("OK") == 6 and "0.1" not in checked.stdout


def test_what_a_students_copy_says_is_true_of_it(project, html, facts, tmp_path):
    """The title is the HTML's, and no solutions are promised."""
    folder = tmp_path / "html"
    shutil.copytree(html, folder)
    first = (folder / "index.html").read_text(encoding="utf-8")
    told = TOLD.search(first)[0]
    (folder / "index.html").write_text(first.replace(told, told.replace("full", "student")), encoding="utf-8")
    with zipfile.ZipFile(epub.make(folder, project / "book/_toc.yml", about(project, folder), tmp_path)) as made:
        nav = made.read("EPUB/nav.xhtml").decode()
    assert made.filename.endswith("-student.epub") and "练习没有解答" in nav and "练习的答案" not in nav


def test_what_the_exports_themselves_say_is_said_in_english_too(project, html, tmp_path):
    done = subprocess.run([sys.executable, "-m", "iolab.export", "epub", "--html", html, "--out", tmp_path, "--project",
                           project], env={**os.environ, "IOLAB_LANGUAGE": "en"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.epub"))) as made:
        nav, chapter = (ET.fromstring(made.read(f"EPUB/{name}.xhtml")) for name in ("nav", "text/network-tcp-socket"))
        assert made.read("EPUB/cover.png") == (ROOT / "code/iolab/export/cover-en.png").read_bytes()
    assert [tree.words(one) for one in tree.find(nav, "h1", "h2")] == ["Contents", "Where to begin"]
    assert not CHINESE.search(tree.words(tree.find(nav, "p")[0]))
    ends = [tree.words(one[0]) for one in tree.find(chapter, "section") if one.get("id") in ("answers", "scripts")]
    assert ends == ["Answers", "Whole scripts"]
    cover = subprocess.check_output([sys.executable, "-c", "from iolab.export import cover; print(cover.svg())"],
                                    env={**os.environ, "IOLAB_LANGUAGE": "en"}, text=True)
    assert ">IO concurrency<" in cover and not CHINESE.search(cover)
