import pytest

from iolab.sphinxext.claims import load, problems

GOOD = {"section": "tcp", "claim": "话。", "verdict": "成立"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"verdict": "有误", "correction": "别的话。"}, []),
        ({"show": "explain"}, []),
        ({"verdict": "有误"}, ["x: verdict 有误 needs a correction"]),
        ({"verdict": "对"}, ["x: verdict '对' is none of 成立, 需补充, 有误, 已过时, 只在终端成立"]),
        ({"claim": ""}, ["x: claim is missing"]),
        ({"show": "later"}, ["x: show is 'later', neither run nor explain"]),
        ({"verdcit": "成立"}, ["x: unknown key verdcit"]),
    ],
)
def test_problems_are_told_one_a_line(change, said):
    assert problems({"x": GOOD | change}) == said


def test_a_claim_that_is_no_mapping_is_told():
    assert problems({"x": "成立"}) == ["x: is '成立', not a mapping with section, claim and verdict"]


def test_a_book_without_claims_has_none(tmp_path):
    assert load(tmp_path / "claims.yml") == {}
    (tmp_path / "claims.yml").write_text("", encoding="utf-8")
    assert load(tmp_path / "claims.yml") == {}
