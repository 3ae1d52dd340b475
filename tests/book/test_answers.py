"""Every exercise that a page can judge: the published solution is right, the stub no answer, wrong answers wrong."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

import exercise_runner
import exercises
from cells import BOOK, pages, printed, tags
from soak import sample

PAGES = pages()
FOUND = [one for page, cells in PAGES.items() for one in exercises.find(page, cells)[0]]
WRONG = exercises.wrong_answers()
STUB, SOLUTION = "stub", "solution"


def variants(exercise, answers):
    """name -> code of all answers to an exercise that are tried."""
    tried = {STUB: exercise.stub, SOLUTION: exercise.solution or exercise.stub}
    return tried | {number: answer["code"] for number, answer in enumerate(answers)}


def answers_to(exercise):
    return (WRONG.get(Path(exercise.page).name) or {}).get(exercise.label) or []


def tried(exercise):
    """Every third wrong answer in `make test`, all in `make soak`."""
    return sample(answers_to(exercise), 3)


def outputs(jobs):
    """What the check said to each of {key: (sources, path of the page's folder below, cells)}."""
    given = json.dumps([{"sources": str(sources), "path": path, "cells": cells}
                        for sources, path, cells in jobs.values()])
    done = subprocess.run([sys.executable, exercise_runner.__file__], input=given, capture_output=True, text=True,
                          timeout=280)
    assert done.returncode == 0, done.stderr
    return dict(zip(jobs, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def said():
    jobs = {
        (one.label, name): (BOOK, str(Path(one.page).parent), one.cells(code))
        for one in FOUND
        for name, code in variants(one, tried(one)).items()
    }
    return outputs(jobs)


def test_every_exercise_has_its_cells_and_its_solution():
    wrong = [line for page, cells in PAGES.items() for line in exercises.find(page, cells)[1]]
    labels = [one.label for one in FOUND]
    wrong += [f"two exercises are called {label}" for label in labels if labels.count(label) > 1]
    assert FOUND and not wrong, "\n".join(wrong)


def test_every_exercise_has_two_wrong_answers_and_every_answers_file_is_used():
    wrong = [f"{one.label}: give it two wrong answers" for one in FOUND if len(answers_to(one)) < 2]
    known = {(Path(one.page).name, one.label): one for one in FOUND}
    for page, label, answers in ((page, *entry) for page, entries in WRONG.items() for entry in entries.items()):
        one = known.get((page, label))
        wrong += [] if one else [f"answers/{page}.yml: no page {page} has an exercise tagged answer:{label}"]
        for answer in answers if one else ():
            names = exercises.defined(exercises.parsed(one.stub))
            if not (answer.keys() == {"why", "says", "code"} and all(map(str, answer.values()))):
                wrong.append(f"answers/{page}.yml: {label}: {answer} needs why, says and code")
            elif not names <= exercises.defined(exercises.parsed(answer["code"])):
                wrong.append(f"answers/{page}.yml: {label}: {answer['why']}: does not define {', '.join(names)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("one", FOUND, ids=lambda one: one.label)
def test_the_published_solution_is_right_and_the_stub_no_answer(one, said):
    assert said[one.label, SOLUTION].startswith("正确")
    assert said[one.label, STUB] == "还没有作答\n"
    stored = next(cell for cell in PAGES[one.page] if one.label in tags(cell, "check"))
    assert printed(stored).strip() == "还没有作答"


@pytest.mark.parametrize(
    ("one", "number"),
    [(one, number) for one in FOUND for number in range(len(tried(one)))],
    ids=lambda value: getattr(value, "label", value),
)
def test_a_wrong_answer_is_told_what_is_wrong(one, number, said):
    answer = tried(one)[number]
    told = said[one.label, number]
    assert told.lstrip().startswith("还不对") and str(answer["says"]) in told, f"{answer['why']}: {told}"


SHEET = '''
```{exercise} 一半
:label: half
写 `half(n)`。
```

:::{solution} half
:class: dropdown

不是这样：

    x = 1

```python
def half(n):
    return n // TWO
```
:::
'''


def cell(kind, text, *marks):
    return {"cell_type": kind, "metadata": {"tags": list(marks)}, "source": [text]}


MADE_UP = [
    cell("code", "import math"),
    cell("code", "%time print(1)"),
    cell("code", "ONE = 1"),
    cell("code", "TWO = math.floor(ONE + 1)\nUNUSED = missing_name if False else 0"),
    cell("code", "print('no plain cell')\nONE = 5"),
    cell("code", "OTHER = 1 / 0"),
    cell("markdown", SHEET),
    cell("code", "def half(n):\n    ...  # 换成你的实现", "answer:half"),
    cell("code", "from iolab import check\nimport asyncio\nawait asyncio.sleep(0)\ncheck(half, ((4,), 2), ((5,), 2))",
         "check:half"),
]


def test_a_made_up_page_is_judged(tmp_path):
    (one,), wrong = exercises.find("made/up", MADE_UP)
    assert not wrong
    assert one.cells("half = 1")[:3] == ["import math", "half = 1", one.check]
    assert one.cells(one.solution)[:3] == ["import math", "ONE = 1", MADE_UP[3]["source"][0]]
    tries = {**variants(one, [{"code": "def half(n):\n    return n / 2"}]), "loud": "half = len\nprint('正确')",
             "loses": "import os\nos._exit(1)", "leaves": "half = open('left', 'w').close", "breaks": "def half(n)"}
    told = outputs({name: (tmp_path, "", one.cells(code)) for name, code in tries.items()})
    assert told[STUB] == "还没有作答\n" and told[SOLUTION] == "正确：2 种情况都对\n"
    assert told[0] == "还不对：half(4) 应该得到 2，却得到 2.0\n"
    assert told["loud"].startswith("还不对") and "正确" not in told["loud"]
    assert not (tmp_path / "left").exists(), "each has a folder of its own"
    assert told["loses"] == "" and "SyntaxError" in told["breaks"]


@pytest.mark.parametrize(("number", "marks", "text", "said"), [
    (7, [], None, ["a cell with 换成你的 has no tag", "needs one cell answer:half"]),
    (8, [], None, ["has no cell check:half"]),
    (6, [], SHEET.replace("{solution} half", "{solution} other"), ["no {solution} half"]),
    (6, [], SHEET.replace("def half(n)", "def Half(n)"), ["no {solution} half"]),
    (5, ["answer:half"], "half = 1", ["two cells are tagged answer:half"]),
])
def test_an_exercise_without_its_cells_is_told(number, marks, text, said):
    cells = copy.deepcopy(MADE_UP)
    cells[number]["metadata"]["tags"] = marks
    cells[number]["source"] = [text] if text else cells[number]["source"]
    wrong = exercises.find("made/up", cells)[1]
    assert len(wrong) == len(said) and all(words in line for words, line in zip(said, wrong, strict=True)), wrong
