"""The built HTML: it parses without an error, links inside the book resolve, and nothing comes from elsewhere."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

HEADING = re.compile(
    r'<section\b[^>]* id="([^"]*)">\s*(?:<span[^>]*></span>\s*)*<h[1-4]>(.*?)<a class="headerlink"', re.DOTALL)


class Page(HTMLParser):
    """The links, loaded files and ids of one HTML file."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.ids = [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif given.get("src") or (tag == "link" and given.get("href")):
            self.loads.append(given.get("src") or given["href"])


@pytest.fixture(scope="module")
def pages(built_book):
    return {path.resolve(): Page(path) for path in built_book.rglob("*.html") if "_static" not in path.parts}


def broken(pages, path, href):
    url = urlsplit(href)
    if url.scheme or url.netloc:
        return None
    target = (path.parent / unquote(url.path)).resolve() if url.path else path
    if not target.is_file():
        return "no such file"
    if url.fragment and target in pages and unquote(url.fragment) not in pages[target].ids:
        return "no such anchor"
    return None


def test_every_page_is_parsed_without_an_error(pages):
    wrong = []
    for path in pages:
        parser = html5lib.HTMLParser()
        parser.parse(path.read_text(encoding="utf-8"))
        wrong += [f"{path.name}:{place}: {name} {detail}" for place, name, detail in parser.errors]
    assert not wrong, "\n".join(wrong)


def test_every_link_inside_the_book_resolves(pages):
    dead = [
        f"{path.name}: {href}: {why}"
        for path, page in pages.items()
        for href in page.links + page.loads
        if (why := broken(pages, path, href))
    ]
    assert len(pages) > 2 and not dead, "\n".join(dead)


def test_no_page_loads_anything_from_elsewhere(pages):
    outside = [f"{path.name}: {href}" for path, page in pages.items() for href in page.loads if urlsplit(href).netloc]
    assert not outside, "\n".join(outside)


def test_an_id_names_one_thing(pages):
    twice = [f"{path.name}: {name}" for path, page in pages.items() for name in {*page.ids} if page.ids.count(name) > 1]
    assert not twice, "\n".join(twice)


def test_style_sheets_load_nothing_from_elsewhere(built_book):
    sheets = {path.name: path.read_text(encoding="utf-8") for path in (built_book / "_static").rglob("*.css")}
    calling = [name for name, text in sheets.items() if re.search(r"""(url\(|@import\s*)["']?(https?:)?//""", text)]
    assert sheets and not calling


def test_the_anchor_of_a_heading_is_its_words(built_book):
    """So it stays when a heading is added above, and reads as what it leads to."""
    found = 0
    for path in built_book.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        headings = HEADING.findall(text)
        assert len(headings) == len(re.findall(r"<h[1-4]>.*?headerlink", text)), path
        for anchor, heading in headings:
            said = html.unescape(re.sub(r"<[^>]+>", "", heading)).strip().lower()
            words = re.sub(r"[^\w -]", "", said).replace(" ", "-")
            assert re.fullmatch(rf"{re.escape(words)}(-\d+)?", anchor), f"{path.name}: {anchor}"
        found += len(headings)
    assert found > 300
