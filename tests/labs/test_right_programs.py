"""The judge is judged: right programs pass. `make soak-labs` lets each pass many times.

Of the labs that take long only the reference is judged whole here, the others in one stage.
"""

import pytest

import programs
from iolab.grade import labs
from iolab.grade.judge import Judge


ONE_STAGE = {"c10k": 2, "reliable": 3}
REFERENCES = {"c10k": "epoll.py", "reliable": "selective.py"}


@pytest.mark.parametrize(("lab", "name"), programs.RIGHT)
def test_a_right_program_passes(lab, name, tmp_path):
    command = programs.command(programs.HERE / lab / name, tmp_path)
    if command is None:
        pytest.skip(f"no tool for {name}: CI installs node and cc")
    only = None if REFERENCES.get(lab) == name else ONE_STAGE.get(lab)
    score = Judge(labs.find(lab), command, only=only).run()
    wrong = score.first_failure
    assert wrong is None, f"--seed {score.seed}, stage {wrong.stage}: {wrong}"
    assert score.passed
