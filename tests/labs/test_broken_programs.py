"""The judge is judged: mistakes fail at their stage with their hint.

Every fourth mistake, from its stage on; `make soak-labs` tries all of them from the first stage.
"""

import pytest

import programs
from iolab.grade import labs
from iolab.grade.judge import FAILED, Judge


@pytest.mark.parametrize(("lab", "name"), programs.SAMPLE)
def test_a_mistake_is_found_and_explained(lab, name, tmp_path):
    wanted = programs.broken(lab)[name]
    command = programs.command(programs.edited(lab, name, tmp_path), tmp_path)
    if command is None:
        pytest.skip(f"no tool for {wanted['of']}: CI installs node and cc")
    score = Judge(labs.find(lab), command, only=wanted["stage"]).run()  # those before: .ci/soak_labs.py
    failed = [(one.stage, one.hint) for one in score.verdicts if one.outcome == FAILED]
    assert failed == [(wanted["stage"], wanted["hint"])], f"--seed {score.seed}: {score.first_failure}"
    assert score.first_failure.expected and score.first_failure.came and score.first_failure.did


@pytest.mark.parametrize("lab", labs.NAMES)
def test_enough_programs_judge_a_lab(lab):
    assert len(programs.right(lab)) >= 3 and len(programs.broken(lab)) >= 12
