"""Score files of a class as one table: which is broken, which is of another version, and that none is lost."""

import csv
import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from iolab.grade import labs, report, scores
from iolab.grade.judge import FAILED, NOT_TRIED, PASSED, Score, Verdict


def score(lab="echo", passed=99, student="", seed=1, only=None, **changed):
    """A score file's data: this many scenarios passed, then one failed, the rest not tried."""
    verdicts = []
    for number, stage in enumerate(labs.find(lab).stages, 1):
        for one in stage.scenarios if only in (None, number) else ():
            outcome = PASSED if len(verdicts) < passed else FAILED if len(verdicts) == passed else NOT_TRIED
            verdicts.append(Verdict(number, one.name, one.title, outcome, hint="crash"))
    data = report.as_dict(Score(labs.find(lab), ["python", "my.py"], seed, verdicts), student, f"2026-03-0{seed % 9}")
    return {key: value for key, value in (data | changed).items() if value is not ...}


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def entry(tmp_path, data):
    return scores.read(put(tmp_path / "x.json", data), "某人")


def test_a_whole_score_says_how_far_it_came(tmp_path):
    whole, half = entry(tmp_path, score()), entry(tmp_path, score(passed=7))
    assert whole.passed and whole.score == whole.of == 18 and not whole.remark and whole.short() == "18/18"
    assert (half.score, half.stage, half.scenario) == (7, 2, labs.find("echo").stages[1].scenarios[4].title)
    assert half.short() == "7/18 停在第 2 关" and half.command == "python my.py" and half.student == "某人"
    part = entry(tmp_path, score(only=3, student="张三"))
    assert (part.student, part.short(), part.remark) == ("张三", "3/3，只评第 3 关", "")


def cut(data, at):
    return json.dumps(data, indent=1)[:at]


@pytest.mark.parametrize(("data", "said", "kept"), [
    ("", "不是完整的 JSON：第 1 行", None),
    (cut(score(), 400), "像是只传了一半", None),
    ('{"lab": "echo", ', "像是只传了一半", None),
    ("[" * 100_000, "括号套得太深", None),
    ('{"seed": ' + "9" * 9000 + "}", "读不懂的数", None),
    ([1, 2], "不是成绩文件", None),
    ({"cells": []}, "不是成绩文件", None),
    (score(format=...), "没有版本号", None),
    (score(format=2), "版本 2，这里读版本 1", None),
    (score() | {"lab": "ekko"}, "没有实验 'ekko'", None),
    (score(command=...), "缺了东西，或者不是它该有的样子：'command'", None),
    (score(stages=[1]), "不是它该有的样子", None),
    (score(stages=[]), "没有场次", None),
    (score(stages=[{"scenarios": [{"name": "a", "title": "b", "outcome": ["passed"]}]}]), "不认识的结果", None),
    (score(passed=7, **{"score": 18}), "文件说通过 18 场，数出来是 7 场", 7),
    (score(stages=score("tail")["stages"], of=15, score=15), "另一个版本的书", 15),
    (score(stages=score()["stages"][:1], of=3, score=3), "另一个版本的书", 3),
])
def test_what_is_wrong_with_a_file_is_told(data, said, kept, tmp_path):
    found = entry(tmp_path, data)
    assert said in found.remark
    if kept is not None:
        assert found.score == kept and found.short().endswith(" ?")


def test_bytes_that_are_no_text_and_files_that_are_none(tmp_path):
    (tmp_path / "x.json").write_bytes(b"\xff\xfe{}")
    assert "第 1 个字节起" in scores.read(tmp_path / "x.json", "").remark
    assert "打不开" in scores.read(tmp_path, "").remark


@pytest.mark.parametrize(("path", "student"), [
    ("张三.json", "张三"), ("张三-echo.json", "张三"), ("echo.json", "echo"), ("2026001_http.json", "2026001"),
    ("李四_8812_assignsubmission_file_/echo.json", "李四"), ("王五/my/score.json", "王五"), ("Ann Lee.json", "Ann Lee"),
])
def test_whose_a_file_is(path, student):
    assert scores.named(Path(path)) == student


@pytest.fixture
def of_a_class(tmp_path):
    """A folder as a teacher gets it: four students, one twice, one copied, one broken, one of another version."""
    top = tmp_path / "交上来的"
    put(top / "张三_1_assignsubmission_file_" / "echo.json", score(passed=7, seed=2))
    put(top / "张三_1_assignsubmission_file_" / "echo2.json", score(passed=18, seed=3))
    put(top / "张三_1_assignsubmission_file_" / "framing.json", score("framing", seed=4))
    put(top / "李四.json", score(passed=17, seed=5))
    put(top / "抄.json", score(passed=17, seed=5))
    put(top / "half.json", cut(score(student="王五"), 300))
    put(top / "old.json", score(student="\x1b[2J=cmd()", format=0))
    return top


def test_one_command_prints_the_table_and_loses_no_file(of_a_class, tmp_path):
    table = tmp_path / "all.csv"
    done = subprocess.run([sys.executable, "-m", "iolab.grade.scores", of_a_class, "--csv", table],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stderr == "" and "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["学生", "echo", "framing"]
    rows = {line.split()[0]: line.split(maxsplit=1)[1] for line in lines[1:lines.index("")]}
    assert rows["张三"].startswith("18/18（2 份里最好的）") and rows["张三"].endswith("26/26")
    assert rows["李四"].split("  ")[0].startswith("17/18 停在第 5 关 ?") and rows["李四"].endswith("—")
    assert "7 个文件，5 个学生，4 个文件有问题：" in lines
    remarks = "\n".join(lines[lines.index("") + 2:])
    for name, why in (("half.json", "不是完整的 JSON"), ("old.json", "另一个版本的成绩文件"), ("抄.json", "李四的相同"),
                      ("李四.json", "抄的相同")):
        assert any(name in line and why in line for line in remarks.splitlines()), remarks
    assert table.read_bytes().startswith(b"\xef\xbb\xbf"), "or Excel would show no Chinese"
    with open(table, encoding="utf-8-sig", newline="") as file:
        kept = list(csv.DictReader(file))
    assert {row["文件"] for row in kept} == {str(path) for path in of_a_class.rglob("*.json")}
    assert sorted(row["共几场"] for row in kept)[:2] == ["", ""]
    assert sorted(row["通过的场"] for row in kept) == ["", "", "17", "17", "18", "26", "7"]
    assert next(row for row in kept if "old" in row["文件"])["学生"] == r"\x1b[2J=cmd()"
    assert scores.cell("=cmd()") == "'=cmd()" and scores.cell(None) == "" and scores.cell(True) == "是"


def test_a_class_without_trouble_ends_with_zero_and_an_empty_folder_is_told(tmp_path, capsys):
    put(tmp_path / "a" / "张三.json", score())
    assert scores.main([str(tmp_path / "a")]) == 0
    assert "1 个文件，1 个学生，0 个文件有问题。" in capsys.readouterr().out
    (tmp_path / "b").mkdir()
    with pytest.raises(FileNotFoundError, match=r"没有 \.json"):
        scores.main([str(tmp_path / "b")])
    with pytest.raises(FileNotFoundError, match="没有 nowhere"):
        scores.main(["nowhere"])


def test_the_csv_has_a_column_for_all_that_a_file_says():
    assert {field.name for field in fields(scores.Entry)} == scores.HEADS.keys()
