import pytest

from iolab.sphinxext.claims import load, problems

GOOD = {"section": "tcp", "claim": "话。", "verdict": "成立", "confirms": "收到 5 字节", "via": "conn.recv("}
TOLD = {"section": "tcp", "claim": "话。", "verdict": "成立", "show": "explain"}
WRONG = {
    "section": "tcp", "claim": "话。", "verdict": "有误", "correction": "别的话。", "refutes": "没有收到", "via": "f(",
}


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (GOOD, []),
        (WRONG, []),
        (TOLD, []),
        (TOLD | {"verdict": "有误", "correction": "别的话。"}, []),
        (WRONG | {"correction": ""}, ["verdict 有误 needs a correction"]),
        (GOOD | {"correction": "话。"}, ["verdict 成立 has a correction"]),
        (GOOD | {"verdict": "有误", "correction": "别的话。"},
         ["refutes is missing", "confirms does not belong to verdict 有误"]),
        (WRONG | {"verdict": "需补充"}, ["limits is missing", "refutes does not belong to verdict 需补充"]),
        (GOOD | {"limits": "另一行"}, ["limits does not belong to verdict 成立"]),
        (GOOD | {"via": ""}, ["via is missing"]),
        (TOLD | {"via": "f(", "confirms": "一行输出"},
         ["confirms does not belong to verdict 成立", "via does not belong to verdict 成立"]),
        (WRONG | {"verdict": "已过时"}, ["the correction of verdict 已过时 must name the version, standard or year"]),
        (WRONG | {"verdict": "已过时", "correction": "3.14 起不同。"}, []),
        (WRONG | {"verdict": "只在终端成立", "limits": "一行输出"},
         ["the correction of verdict 只在终端成立 must name the notebook",
          "refutes does not belong to verdict 只在终端成立"]),
        (GOOD | {"confirms": "True"}, ["confirms: 'True' is no piece of 3 to 60 characters that says something"]),
        (GOOD | {"confirms": "65,536"}, ["confirms: '65,536' is no piece of 3 to 60 characters that says something"]),
        (GOOD | {"confirms": 65536}, ["confirms: 65536 is no piece of 3 to 60 characters that says something"]),
        (GOOD | {"confirms": "对"}, ["confirms: '对' is no piece of 3 to 60 characters that says something"]),
        (GOOD | {"verdict": "对"}, ["verdict '对' is none of 成立, 需补充, 有误, 已过时, 只在终端成立"]),
        (GOOD | {"claim": ""}, ["claim is missing"]),
        (GOOD | {"show": "later"}, ["show is 'later', neither run nor explain"]),
        (GOOD | {"verdcit": "成立"}, ["unknown key verdcit"]),
    ],
)
def test_problems_are_told_one_a_line(claim, said):
    assert problems({"x": claim}) == [f"x: {line}" for line in said]


def test_a_claim_that_is_no_mapping_is_told():
    assert problems({"x": "成立"}) == ["x: is '成立', not a mapping with section, claim and verdict"]


def test_a_book_without_claims_has_none(tmp_path):
    assert load(tmp_path / "claims.yml") == {}
    (tmp_path / "claims.yml").write_text("", encoding="utf-8")
    assert load(tmp_path / "claims.yml") == {}
