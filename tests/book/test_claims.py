"""Claims and proofs held against each other: claims.yml, the tags of the notebooks, and the ledger that readers see."""

import json
import re
from pathlib import Path

import pytest

from iolab.sphinxext import claims as ledger

BOOK = Path(__file__).parent.parent.parent / "book"
CLAIMS = ledger.load(BOOK / "claims.yml")
NOT_COMPARED = {"nbval-ignore-output", "nbval-skip"}
COMPARED_FORMS = {"text/plain", "text/html", "text/markdown", "image/svg+xml", "application/json"}


def tagged_cells():
    """(page, claim id, cell) for each cell that says it proves a claim."""
    for path in sorted(BOOK.rglob("*.ipynb")):
        if not {"_build", ".ipynb_checkpoints"} & set(path.parts):
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                for tag in cell["metadata"].get("tags", []):
                    if tag.startswith("claim:"):
                        yield str(path.relative_to(BOOK)), tag.removeprefix("claim:"), cell


def weakness(cell):
    """Why a cell proves nothing, or None."""
    source = "".join(cell["source"])
    marks = set(cell["metadata"].get("tags", [])) | {
        mark.lower().replace("_", "-") for mark in re.findall(r"NBVAL_\w+", source)
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
        tab.goto(site + page.replace(".ipynb", ".html"), wait_until="load")
        tab.locator(f"#claim-{name} .claim-proof a").first.click()
        tab.wait_for_url(f"**/appendix/claims.html#claim-row-{name}")
        assert tab.locator(f"#claim-row-{name}").is_visible()
