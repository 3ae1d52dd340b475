"""The judge is judged: right programs pass. `make soak-labs` lets each pass many times."""

import pytest

import programs
from iolab.grade import labs
from iolab.grade.judge import Judge


@pytest.mark.parametrize(("lab", "name"), programs.RIGHT)
def test_a_right_program_passes(lab, name, tmp_path):
    command = programs.command(programs.HERE / lab / name, tmp_path)
    if command is None:
        pytest.skip(f"no tool for {name}: CI installs node and cc")
    score = Judge(labs.find(lab), command).run()
    wrong = score.first_failure
    assert wrong is None, f"--seed {score.seed}, stage {wrong.stage}: {wrong}"
    assert score.passed
