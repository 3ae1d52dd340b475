"""The judge is judged: right programs pass. `make soak-labs` lets each pass many times, whole.

Here the reference solution of each lab is judged whole, each other program in one stage, not all in the same.
"""

import pytest

import programs
from iolab.grade import labs
from iolab.grade.judge import Judge


def stage_of(lab, name):
    """The stage in which this program is judged here, None for all."""
    if "reference solution" in (programs.HERE / lab / name).read_text(encoding="utf-8"):
        return None
    return 1 + [path.name for path in programs.right(lab)].index(name) % len(labs.find(lab).stages)


@pytest.mark.parametrize(("lab", "name"), programs.RIGHT)
def test_a_right_program_passes(lab, name, tmp_path):
    command = programs.command(programs.HERE / lab / name, tmp_path)
    if command is None:
        pytest.skip(f"no tool for {name}: CI installs node and cc")
    score = Judge(labs.find(lab), command, only=stage_of(lab, name)).run()
    wrong = score.first_failure
    assert wrong is None, f"--seed {score.seed}, stage {wrong.stage}: {wrong}"
    assert score.passed


@pytest.mark.parametrize("lab", labs.NAMES)
def test_one_reference_is_judged_whole(lab):
    assert [stage_of(lab, path.name) for path in programs.right(lab)].count(None) == 1
