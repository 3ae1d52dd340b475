"""Pages, pictures, scripts, APIs, interview questions and terms held against each other: one line a missing thing."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import yaml

from cells import pages, tags
from iolab import diagrams
from iolab.sphinxext import apis, claims, errata, roadmap, scripts
from pages import PAGES

ROOT = Path(__file__).parent.parent.parent
BOOK = ROOT / "book"
LISTED = [page.removesuffix(".html") for page in PAGES]
APIS = apis.load(BOOK / apis.FILE)
PLAYED = re.compile(r"""\bplay\(\s*["'](\w+)["']""")
INTRODUCED = re.compile(r"\*\*\s*([^*（）\n]+?)\s*(?:（[A-Za-z][^）\n]*）[^*\n]*\*\*|\*\*（[A-Za-z])")


def cells(kind):
    """(page, source) of each cell of one kind in the listed notebooks."""
    for page in LISTED:
        path = BOOK / f"{page}.ipynb"
        if path.exists():
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == kind:
                    yield page, "".join(cell["source"])


def written():
    """page -> all that its file says."""
    paths = {page: next(path for path in BOOK.glob(f"{page}.*") if path.suffix in {".md", ".ipynb"}) for page in LISTED}
    return {page: path.read_text(encoding="utf-8") for page, path in paths.items()}


def lines(found):
    return "\n".join(sorted(found))


class Ids(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        self.links.append(given.get("href", "") if tag == "a" else "")


def test_every_page_of_the_folder_is_listed():
    files = [path.relative_to(BOOK) for path in BOOK.glob("*/*.*") if path.suffix in {".md", ".ipynb"}]
    missing = [f"book/{file} is not in _toc.yml" for file in files if str(file.with_suffix("")) not in LISTED]
    assert not missing, lines(missing)


def test_every_picture_is_played():
    played = {name for _, text in cells("code") for name in PLAYED.findall(text)}
    missing = [f"code/iolab/diagrams/{name}.py is played on no page" for name in diagrams.names() if name not in played]
    assert not missing, lines(missing)


def test_every_api_has_a_name_and_a_page():
    raw = yaml.safe_load((BOOK / apis.FILE).read_text(encoding="utf-8"))
    bare = [f"{key}: give it {{page: …, name: …}}" for key, entry in raw.items() if not isinstance(entry, dict)]
    bare += [f"{key}: its page {page} is not in _toc.yml" for key, (page, _) in APIS.items() if page not in LISTED]
    assert APIS and not bare, lines(bare)


def test_every_api_stands_under_the_name_of_its_page():
    page, wrong = None, []
    for line in (BOOK / apis.FILE).read_text(encoding="utf-8").splitlines():
        if found := re.fullmatch(r"# (\w[\w-]*/[\w-]+)", line):
            page = found[1]
        elif (key := line.partition(":")[0]) in APIS and APIS[key][0] != page:
            wrong.append(f"{key} stands under {page} and names {APIS[key][0]}")
    assert page and not wrong, lines(wrong)


def test_every_api_stands_in_the_code_of_its_page():
    """In a cell, or in a script that the page shows or runs."""
    code = {}
    for page, text in cells("code"):
        code[page] = code.get(page, "") + text + "\n"
    for page, text in written().items():
        shown = {ROOT / "code" / name for name in scripts.MENTION.findall(text)}
        code[page] = code.get(page, "") + "\n".join(path.read_text(encoding="utf-8") for path in shown if path.exists())
    missing = [
        f"{key}: {name} is not used on {page}"
        for key, (page, name) in APIS.items()
        if not any(uses(code.get(page, ""), word) for word in apis.called(name))
    ]
    assert not missing, lines(missing)


def uses(code, word):
    """Tell whether code holds all words of a name or a form such as ``with lock`` or ``a << n``."""
    parts = [part for part in word.split() if part not in {"lock", "file", "line", "a", "b", "n", "open"}]
    bound = {True: r"(?<!\w)%s(?!\w)", False: "%s"}
    return all(re.search(bound[part[0].isalpha()] % re.escape(part), code) for part in parts)


def test_every_script_that_a_page_names_exists():
    missing = [
        f"{page}: code/{name} does not exist"
        for page, text in written().items()
        for name in set(scripts.MENTION.findall(text))
        if not (ROOT / "code" / name).exists()
    ]
    assert not missing, lines(missing)


def test_every_script_is_on_a_page():
    named = {name for text in written().values() for name in scripts.MENTION.findall(text)}
    helpers = re.compile(r"_common\.py$|^day9/ftp/")
    code = ROOT / "code"
    missing = [
        f"code/{name} is on no page"
        for name in (str(path.relative_to(code)) for path in code.glob("day*/**/*.py"))
        if name not in named and not helpers.search(name)
    ]
    assert not missing, lines(missing)


# The first and the last erratum of each page, in the book's order. A page may also repeat one of another page.
ERRATA = {
    "files/io": (1, 2), "files/file-read-write": (3, 15), "files/buffer-offset": (16, 22),
    "network/network-basics": (23, 27), "network/transport-services": (28, 32), "network/tcp-socket": (33, 46),
    "network/udp-socket": (47, 48), "network/socket-attributes": (49, 50), "network/struct": (51, 52),
    "network/http": (53, 57), "process/process-theory": (58, 63), "process/fork": (64, 70),
    "process/orphan-zombie": (71, 74), "process/chatroom": (75, 75), "process/multiprocessing": (76, 81),
    "process/process-pool": (82, 84),
    "thread/thread": (85, 89), "thread/sync": (90, 92), "thread/deadlock": (93, 93), "thread/gil": (94, 94),
    "thread/process-vs-thread": (95, 95), "concurrency/network-models": (96, 98), "concurrency/ftp": (99, 100),
    "concurrency/io-kinds": (101, 103), "concurrency/multiplexing": (104, 105), "concurrency/poll-epoll": (108, 112),
    "concurrency/bitwise": (106, 107),
}


def test_the_map_has_every_page_of_the_five_parts_and_what_is_needed_comes_before():
    pages = roadmap.load(BOOK)
    told = [page for page in LISTED if page.partition("/")[0] not in {"index", "labs", "appendix", "teaching"}]
    assert list(pages) == told, "book/map.yml has the pages in the book's order"
    wrong = [f"{page} needs {need}" for page, row in pages.items() for need in row.get("needs", ())
             if told.index(need) >= told.index(page)]
    wrong += [f"{page}: unknown key {key}" for page, row in pages.items() for key in row.keys() - {"needs", "short"}]
    timed = {page for page, text in cells("markdown") if roadmap.TOLD.search(text.replace("*", ""))}
    wrong += [f"{page}: says no 用时：约 N 分钟" for page in told if page not in timed]
    assert not wrong, lines(wrong)


def test_the_map_leads_to_its_pages_and_says_their_minutes(built_book):
    page = (built_book / "index.html").read_text(encoding="utf-8")
    boxes = re.findall(r'<a href="([^"]*)" aria-label="([^"]*)"><title>.*?>(\d+) 分钟</text>', page)
    assert [href for href, *_ in boxes] == [f"{name}.html" for name in roadmap.load(BOOK)]
    assert all(f"，约 {minutes} 分钟" in said for _, said, minutes in boxes)
    assert len(re.findall(r'marker-end="url\(#map-arrow\)"', page)) == sum(
        len(row.get("needs", ())) for row in roadmap.load(BOOK).values())


ROWS = errata.load(BOOK)


def callouts():
    """(page, number) of every callout, on the pages that still have some."""
    for page, text in cells("markdown"):
        for title in re.findall(r"\{admonition\}\s*笔记勘误(.*)", text):
            yield from ((page, number) for number in re.findall(r"\bE\d+\b", title))


def test_errata_are_numbered_without_gaps_each_at_home():
    last = max(end for _, end in ERRATA.values())
    homes = {f"E{number:02}": page for page, (first, end) in ERRATA.items() for number in range(first, end + 1)}
    homes |= dict.fromkeys(("E58", "E60", "E62", "E63"), "process/process-states")
    homes |= dict.fromkeys(("E40", "E42", "E43"), "network/tcp-failures")
    homes |= dict.fromkeys(("E45", "E46"), "network/tcp-framing")
    found = [(row["page"], row["number"]) for row in ROWS]
    wrong = [f"{page}: {number} is beyond E{last}" for page, number in found if number not in homes]
    wrong += [f"{page}: {number} stands there twice" for page, number in set(found) if found.count((page, number)) > 1]
    wrong += [f"{page}: {number} is missing" for number, page in homes.items() if (page, number) not in found]
    wrong += [f"{page}: the callout {number} is not in errata.yml" for page, number in callouts()
              if (page, number) not in found]
    assert len(homes) == last and not wrong, lines(wrong)


def test_errata_are_about_claims_of_their_page():
    known = claims.load(BOOK / "claims.yml")
    proofs = {(page, name) for page, its in pages().items() for cell in its for name in tags(cell, "claim")}
    told = {(page, name) for page, text in cells("markdown")
            for name in re.findall(r"^\(claim-([\w-]+)\)=", text, re.M)}
    wrong = [f"{row['number']}: {name}" for row in ROWS for name in row.get("claims", ())
             if name not in known or (row["page"], name) not in proofs | told]
    assert sum(len(row.get("claims", ())) for row in ROWS) > 100 and not wrong, lines(wrong)


def test_errata_that_are_mentioned_exist():
    last = max(int(row["number"][1:]) for row in ROWS)
    wrong = [f"{page}: E{number}" for page, text in written().items()
             for number in re.findall(r"(?:勘误 ?|、|，|（)E(\d+)\b", text) if not 1 <= int(number) <= last]
    assert not wrong, lines(wrong)


def test_every_section_of_a_claim_is_told_by_one_page():
    ledger = claims.load(BOOK / "claims.yml")
    texts = written()
    explained = [
        f"{name}: no page has the target (claim-{name})="
        for name, claim in ledger.items()
        if claim.get("show") == "explain" and not any(f"(claim-{name})=" in text for text in texts.values())
    ]
    assert ledger and not explained, lines(explained)


def test_every_term_that_a_page_introduces_is_in_the_glossary():
    glossary = (BOOK / "appendix" / "glossary.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^(\S.*?)（[A-Za-z].*）$", glossary, re.MULTILINE))
    missing = [
        f"{page}: {term}" for page, text in cells("markdown") for term in INTRODUCED.findall(text) if term not in known
    ]
    assert len(known) > 100 and not missing, lines(missing)


def glossary():
    """(term, English) of every entry."""
    text = (BOOK / "appendix" / "glossary.md").read_text(encoding="utf-8")
    return re.findall(r"^(\S.*?)（([A-Za-z].*)）$", text, re.MULTILINE)


def test_every_term_is_defined_once():
    for names in zip(*glossary(), strict=True):
        low = [name.lower() for name in names]
        assert len(low) > 100 and not [name for name in low if low.count(name) > 1]


def test_another_name_is_that_of_one_term_alone():
    text = (BOOK / "appendix" / "glossary.md").read_text(encoding="utf-8")
    others = [name.lower() for names in re.findall(r"也说：([^。]+)。$", text, re.M) for name in names.split("、")]
    taken = others + [term.lower() for term, _ in glossary()]
    assert len(others) > 50 and not [name for name in others if taken.count(name) > 1]


def test_a_page_and_the_glossary_give_a_term_the_same_english():
    """The same words: one side may say more, such as an abbreviation or the name of a standard."""
    known = dict(glossary())
    differing = [
        f"{page}: {term}（{english}）, the glossary says {known[term]}"
        for page, text in cells("markdown")
        for term, english in re.findall(r"\*\*\s*([^*（）\n]+?)\s*(?:\*\*)?（([A-Za-z][^）\n]*)）", text)
        if term in known and not same_words(english, known[term])
    ]
    assert not differing, lines(differing)


# The English of the entries that no page introduces in bold, where the test above compares it.
ELSEWHERE = {
    "四次挥手": "four-way close", "粘包": "message boundaries lost in a stream",
    "孤儿进程": "orphan process", "僵尸进程": "zombie process", "队列": "queue", "套接字对": "socket pair",
    "epoll": "event poll",
}


def test_the_english_of_every_other_entry_is_what_it_was():
    bold = {term for _, text in cells("markdown")
            for term in re.findall(r"\*\*\s*([^*（）\n]+?)\s*(?:\*\*)?（[A-Za-z]", text)}
    assert {term: english for term, english in glossary() if term not in bold} == ELSEWHERE


def same_words(one, other):
    less, more = sorted(([word.lower()[:6] for word in re.findall(r"[A-Za-z][\w-]*", text)] for text in (one, other)),
                        key=len)
    return all(any(mine.startswith(word) or word.startswith(mine) for mine in more) for word in less)


def test_an_entry_leads_to_where_its_term_stands(built_book):
    page = (built_book / "appendix" / "glossary.html").read_text(encoding="utf-8")
    entries = re.findall(r'<dt id="[^"]*">(.*?)（.*?</dt><dd>(.*?)</dd>', page, re.DOTALL)
    texts, lost = {}, []
    for term, text in entries:
        term = re.sub("<[^>]*>", "", term)
        for href in re.findall(r'href="\.\./([^"]*#[^"]*)"', text):
            name, _, anchor = unquote(href).partition("#")
            if name not in texts:
                texts[name] = (built_book / name).read_text(encoding="utf-8")
            start = f'id="{anchor}"'
            place = re.search(rf"<section {start}>(.*?)</section>|{start}[^>]*>(.{{1,400}})", texts[name], re.DOTALL)
            if not (place and term in re.sub("<[^>]*>", "", place[1] or place[2])):
                lost.append(f"{term}: {href}")
    assert len(entries) > 100 and not lost, lines(lost)


def test_every_entry_of_the_glossary_leads_to_a_page(built_book):
    page = (built_book / "appendix" / "glossary.html").read_text(encoding="utf-8")
    entries = re.findall(r'<dt id="([^"]*)">(.*?)<a class="headerlink".*?</dt><dd>(.*?)</dd>', page, re.DOTALL)
    assert len(entries) > 100
    lost = [name for _, name, text in entries if not re.search(r'href="\.\./[^"]*#', text)]
    assert not lost, lines(lost)


def test_an_introduced_term_leads_to_its_entry(built_book):
    page = Ids((built_book / "network" / "tcp-socket.html").read_text(encoding="utf-8"))
    entries = Ids((built_book / "appendix" / "glossary.html").read_text(encoding="utf-8"))
    led = [href.partition("#")[2] for href in page.links if "glossary.html#" in href]
    assert len(led) > 5 and {unquote(anchor) for anchor in led} <= entries.ids


def test_the_script_index_gives_every_script_to_download(built_book):
    code = ROOT / "code"
    page = Ids((built_book / "appendix" / "scripts.html").read_text(encoding="utf-8"))
    for path in code.glob("day*/**/*.py"):
        name = str(path.relative_to(code))
        assert f"../_scripts/{name}" in page.links
        assert (built_book / "_scripts" / name).read_bytes() == path.read_bytes()


def test_the_interview_page_leads_to_every_question(built_book):
    targets = {
        (page, anchor)
        for page, text in cells("markdown")
        for anchor in re.findall(r"^\((iv-[\w-]+)\)=$", text, re.MULTILINE)
    }
    page = Ids((built_book / "appendix" / "interview.html").read_text(encoding="utf-8"))
    missing = [f"{page_} {anchor}" for page_, anchor in targets if f"../{page_}.html#{anchor}" not in page.links]
    assert targets and not missing, lines(missing)
