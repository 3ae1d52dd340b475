"""Claims and proofs held against each other: claims.yml, the tags of the notebooks, and the ledger that readers see."""

import copy
import re
from collections import Counter

import pytest

from cells import BOOK, holds, pages, printed, sanitizers, source, tags
from iolab.sphinxext import claims as ledger

PAGES = pages()
SANITIZERS = sanitizers().values()
CLAIMS = ledger.load(BOOK / "claims.yml")
NOT_COMPARED = {"nbval-ignore-output", "nbval-skip"}
COMPARED_FORMS = {"text/plain", "text/html", "text/markdown", "image/svg+xml", "application/json"}


def tagged_cells(pages=None):
    """(page, claim id, cell) for each cell that says it proves a claim."""
    for page, cells in (PAGES if pages is None else pages).items():
        for cell in cells:
            for name in tags(cell, "claim"):
                yield page, name, cell


def weakness(cell):
    """Why a cell proves nothing, or None."""
    marks = set(cell["metadata"].get("tags", [])) | {
        mark.lower().replace("_", "-") for mark in re.findall(r"NBVAL_\w+", source(cell))
    }
    if cell["cell_type"] != "code":
        return "is no code cell"
    if not cell.get("execution_count"):
        return "was not run"
    if not any("text" in output or "ename" in output or compared(output) for output in cell["outputs"]):
        return "has no output that is compared"
    if marks & NOT_COMPARED:
        return f"is not compared: {', '.join(sorted(marks & NOT_COMPARED))}"
    return None


def compared(output):
    return bool(COMPARED_FORMS & output.get("data", {}).keys())


def loose(pages, claims):
    """One line for each proof that does not show what its row says, in the way that its row says."""
    for page, name, cell in tagged_cells(pages):
        claim = claims.get(name, {})
        shown, via = claim.get(ledger.SHOWS.get(claim.get("verdict"))), claim.get("via")
        if not (shown and via):
            yield f"{name}: its row names no proof"
            continue
        if shown not in printed(cell):
            yield f"{name}: its cell does not print {shown!r}"
        if any(pattern.search(shown) for pattern, _ in SANITIZERS):
            yield f"{name}: nbval does not compare {shown!r}"
        others = [code for code in pages[page] if code["cell_type"] == "code" and name not in tags(code, "claim")]
        yield from (f"{name}: another cell prints {shown!r} too: {source(other)[:40]!r}" for other in others
                    if shown in printed(other))
        if not holds(source(cell), via):
            yield f"{name}: {via!r} is no code of its cell"
        for other in set(tags(cell, "claim")) - {name}:
            same = claims.get(other, {}).get(ledger.SHOWS.get(claims.get(other, {}).get("verdict")))
            if same and same in shown:
                yield f"{name}: shows the same as {other}"


def test_claims_are_well_formed():
    assert CLAIMS, "book/claims.yml has no claim"
    assert not ledger.problems(CLAIMS), "\n".join(ledger.problems(CLAIMS))


def test_every_tag_names_a_claim():
    unknown = [f"{page}: claim:{name} is not in claims.yml" for page, name, _ in tagged_cells() if name not in CLAIMS]
    assert not unknown, "\n".join(unknown)


def test_every_proof_is_run_and_compared():
    weak = [f"{page}: the cell of claim:{name} {why}" for page, name, cell in tagged_cells() if (why := weakness(cell))]
    assert not weak, "\n".join(weak)


def test_every_claim_is_proved_or_explained():
    proved = {name for _, name, _ in tagged_cells()}
    bare = [
        f"{name}: no cell proves it"
        for name, claim in CLAIMS.items()
        if claim.get("show") != "explain" and name not in proved
    ]
    assert not bare, "\n".join(bare)


def test_every_proof_shows_what_its_row_says():
    found = sorted(loose(PAGES, CLAIMS))
    assert not found, "\n".join(found)


# How many claims of each section of the notes have each verdict, in the order of VERDICTS. A verdict that changes on
# purpose changes here too: by itself a row, its key and its cell would fit each other after a flip as well.
COUNTS = {
    "socket-intro": "2 2 0 0 0", "tcp-server-flow": "0 2 2 0 0", "tcp-client-flow": "2 1 0 0 0",
    "tcp-data-features": "0 1 2 0 0", "network-buffers": "0 2 0 0 0", "tcp-sticky": "2 1 1 0 0", "file": "1 2 0 0 0",
    "bytes": "1 1 0 0 0", "file-read-write": "12 7 8 0 0", "udp-server-flow": "1 0 0 0 0",
    "udp-client-flow": "0 1 0 0 0", "udp-socket": "1 1 3 0 0", "buffer-flush": "1 6 0 0 0",
    "file-offset": "1 3 1 0 0", "file-descriptor": "0 0 1 0 0", "struct": "1 1 0 0 0", "io": "0 2 1 0 0",
    "http-protocol": "3 1 1 1 0", "http-request": "6 6 1 0 0", "http-response": "5 4 0 0 0",
    "tcp-service": "1 4 0 0 0", "udp-service": "0 1 1 0 0", "network-basics": "1 0 0 0 0", "osi-model": "10 2 0 0 0",
    "tcpip-model": "0 0 1 0 0", "data-transmission": "1 2 0 0 0", "network-protocol": "0 1 0 0 0",
    "network-address": "1 6 1 0 0", "thread-concepts": "6 3 1 0 0", "threading-create": "1 0 0 0 0",
    "thread-attributes": "0 1 1 0 0", "thread-custom": "2 0 0 0 0", "thread-communication": "3 3 0 0 0",
    "thread-lock": "1 1 0 0 0", "deadlock": "7 2 0 0 0", "network-models": "10 1 1 0 0",
    "fork-server-steps": "0 0 1 0 0", "thread-server-steps": "1 0 0 0 0", "io-kinds": "0 1 0 0 0",
    "blocking-io": "1 2 1 0 0", "non-blocking-io": "0 2 1 0 0", "io-multiplexing": "1 3 0 0 0", "select": "1 3 0 0 0",
    "poll": "1 0 0 0 0", "epoll": "0 3 1 0 0", "bitwise": "5 2 0 0 0", "gil": "1 2 1 1 0",
    "process-thread-relations": "2 3 1 0 0", "usage-scenarios": "1 2 0 0 0",
    "process-thread-programming": "1 1 0 0 0", "process-theory": "11 7 3 1 0", "fork-usage": "1 2 2 0 1",
    "orphan-zombie": "3 6 0 0 0", "mp-create": "3 4 0 2 0", "mp-custom": "1 1 0 0 0", "process-pool": "4 1 0 0 0",
}


def test_no_claim_changes_its_verdict_or_its_section_unseen():
    found = {}
    for claim in CLAIMS.values():
        found.setdefault(claim["section"], Counter())[claim["verdict"]] += 1
    counted = {section: " ".join(str(one[verdict]) for verdict in ledger.VERDICTS) for section, one in found.items()}
    assert counted == COUNTS


def code_cell(text, output, *marks):
    return {"cell_type": "code", "execution_count": 1, "metadata": {"tags": list(marks)}, "source": [text],
            "outputs": [{"output_type": "stream", "name": "stdout", "text": [output]}]}


PAGE = [
    code_cell("print(conn.recv(5))  # conn.send(1)", "b'hello'\n", "claim:echo"),
    code_cell("answer = 'conn.recv('\nprint(answer, len(answer))", "一共 10 个\n", "claim:ten", "claim:one"),
    code_cell("print('别的')", "别的\n"),
]
ROWS = {
    "echo": {"verdict": "成立", "confirms": "b'hello'", "via": "conn.recv("},
    "ten": {"verdict": "需补充", "correction": "话。", "limits": "10 个", "via": "len(answer)"},
    "one": {"verdict": "有误", "correction": "话。", "refutes": "一共", "via": "print(answer"},
}


def move_tag(page, rows):
    page[0]["metadata"]["tags"], page[2]["metadata"]["tags"] = [], ["claim:echo"]


def empty_cell(page, rows):
    page[0] |= {"source": ["pass"], "outputs": []}


def put_constant(page, rows):
    page[0]["source"] = ["print(b'hello')  # conn.recv(5)"]


def quote_call(page, rows):
    page[0]["source"] = ["print(b'hello', 'conn.recv(5)')"]


def print_twice(page, rows):
    page[2]["outputs"] = page[0]["outputs"]


def flip_verdict(page, rows):
    rows["echo"]["verdict"] = "有误"


def show_port(page, rows):
    rows["echo"]["confirms"] = "pid=4711"
    page[0]["outputs"][0]["text"] = ["pid=4711"]


def share_line(page, rows):
    rows["one"]["refutes"] = "10 个"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (move_tag, {"its cell does not print", "another cell prints", "is no code of its cell"}),
        (empty_cell, {"its cell does not print", "is no code of its cell"}),
        (put_constant, {"is no code of its cell"}),
        (quote_call, {"is no code of its cell"}),
        (print_twice, {"another cell prints"}),
        (show_port, {"nbval does not compare"}),
        (flip_verdict, {"its row names no proof"}),
        (share_line, {"shows the same as"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_proof_that_no_longer_fits_its_row_is_told(change, said):
    page, rows = copy.deepcopy((PAGE, ROWS))
    assert not list(loose({"page": page}, rows))
    change(page, rows)
    found = list(loose({"page": page}, rows))
    assert {words for words in said if any(words in line for line in found)} == said
    assert all(any(words in line for words in said) for line in found)


def test_a_verdict_cannot_be_flipped_without_its_proof():
    good = {"section": "tcp", "claim": "话。", "via": "f("}
    for verdict, key in ledger.SHOWS.items():
        correction = {} if verdict == "成立" else {"correction": "笔记本里从 3.14 起不同。"}
        row = good | correction | {"verdict": verdict, key: "一行输出"}
        assert ledger.problems({"x": row}) == []
        for other in {other for other, its in ledger.SHOWS.items() if its != key}:
            assert ledger.problems({"x": row | {"verdict": other}}), (verdict, other)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"cell_type": "markdown"}, "is no code cell"),
        ({"execution_count": None}, "was not run"),
        ({"outputs": []}, "has no output that is compared"),
        ({"outputs": [{"output_type": "display_data", "data": {"image/png": ""}}]}, "has no output that is compared"),
        ({"metadata": {"tags": ["nbval-skip"]}}, "is not compared: nbval-skip"),
        ({"source": ["# NBVAL_IGNORE_OUTPUT\n", "print(1)"]}, "is not compared: nbval-ignore-output"),
        ({}, None),
        ({"outputs": [{"output_type": "error", "ename": "OSError"}], "metadata": {"tags": ["raises-exception"]}}, None),
    ],
)
def test_a_weak_proof_is_told_from_a_good_one(change, why):
    good = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["print(1)"]}
    assert weakness(good | {"outputs": [{"output_type": "stream", "text": ["1"]}]} | change) == why


def test_the_ledger_shows_and_filters_all_claims(reader, origin):
    with reader(origin) as (tab, trouble):
        tab.goto(origin + "appendix/claims.html", wait_until="load")
        rows = tab.locator(".claim-ledger tr[data-verdict]")
        assert rows.count() == len(CLAIMS)
        verdict = next(iter(CLAIMS.values()))["verdict"]
        tab.locator("select[name=verdict]").select_option(verdict)
        shown = [row for row in rows.all() if row.is_visible()]
        assert len(shown) == sum(claim["verdict"] == verdict for claim in CLAIMS.values())
        tab.locator(".claim-ledger tr[data-verdict] a:visible").first.click()
        tab.wait_for_url("**/*.html#*")
        assert tab.evaluate("document.getElementById(location.hash.slice(1)) !== null")
        assert trouble == []


def test_a_badge_leads_to_its_row(reader, site):
    with reader(site) as (tab, _):
        page, name = next((page, name) for page, name, _ in tagged_cells() if name in CLAIMS)
        tab.goto(site + page + ".html", wait_until="load")
        tab.locator(f"#claim-{name} .claim-proof summary").click()
        tab.locator(f"#claim-{name} .claim-proof a[href$=claim-row-{name}]").click()
        tab.wait_for_url(f"**/appendix/claims.html#claim-row-{name}")
        assert tab.locator(f"#claim-row-{name}").is_visible()
