"""The judge is judged: right programs pass. Every third but the references in one stage here, not all in the same.

`make soak-labs` lets each pass many times, whole; the references are in a file of their own, to run beside this one.
"""

import pytest

import programs
from iolab.grade import labs

OTHERS = [one for one in programs.RIGHT if one[1] != programs.reference(one[0])]


@pytest.mark.parametrize(("lab", "name"), OTHERS[::3])
def test_a_right_program_passes_a_stage(lab, name, tmp_path):
    stages, position = len(labs.find(lab).stages), [path.name for path in programs.right(lab)].index(name)
    programs.must_pass(lab, name, tmp_path, only=1 + position % stages)
