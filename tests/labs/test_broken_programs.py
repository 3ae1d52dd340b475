"""The judge is judged: mistakes fail at their stage with their hint.

Every sixth mistake, from its stage on; `make soak-labs` tries all of them from the first stage. Half of them are in
a file of their own, to run beside this one.
"""

import pytest

import programs
from iolab.grade import labs


@pytest.mark.parametrize(("lab", "name"), programs.SAMPLE[::2])
def test_a_mistake_is_found_and_explained(lab, name, tmp_path):
    programs.must_fail(lab, name, tmp_path)


@pytest.mark.parametrize("lab", labs.NAMES)
def test_enough_programs_judge_a_lab(lab):
    assert len(programs.right(lab)) >= 3 and len(programs.broken(lab)) >= 12
